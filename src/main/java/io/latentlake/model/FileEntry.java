package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a document says about a file beside it.
 *
 * @param bytes how long it is
 * @param sha256 its SHA-256 in hexadecimal
 */
public record FileEntry(long bytes, String sha256) {
  public FileEntry {
    if (sha256 == null) {
      throw new InvalidInputException("a file's sha256 is null");
    }
  }

  /** The entry of a content. */
  static FileEntry of(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new FileEntry(content.length, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
