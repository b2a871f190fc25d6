package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder in which a document tells the size and checksum of each other file. Its own checksum is
 * its seal, in a file beside it that is written last and that {@code sha256sum -c} reads. So a bit
 * that has changed anywhere is noticed, and named with its file; and no file is read that is longer
 * than the document says.
 */
public final class SealedFolder {
  private static final String SEAL = ".sha256";

  /** Bytes: room for a million levels, and no more for a stranger's file to fill memory with. */
  private static final long LARGEST_DOCUMENT = 32L << 20;

  private static final long LARGEST_FILE = Integer.MAX_VALUE - 8;

  private final FileSystem files;
  private final Path folder;
  private final String document;

  /**
   * A folder that exists.
   *
   * @param document the document's name
   */
  public SealedFolder(FileSystem files, Path folder, String document) {
    this.files = files;
    this.folder = folder;
    this.document = document;
  }

  /** Writes a file; the document is to have its entry. */
  public FileEntry write(String name, byte[] content) throws IOException {
    create(name, content);
    return FileEntry.of(content);
  }

  /** Writes numbers as little-endian float32. */
  public FileEntry write(String name, float[] values) throws IOException {
    return write(name, bytes(values));
  }

  /** Writes the document, and its seal when all else is there. */
  public void seal(byte[] content) throws IOException {
    create(document, content);
    create(document + SEAL, sealOf(content).getBytes(StandardCharsets.UTF_8));
  }

  private void create(String name, byte[] content) throws IOException {
    try (var out = files.create(new Path(folder, name), false)) {
      out.write(content);
    }
  }

  private String sealOf(byte[] content) {
    return FileEntry.of(content).sha256() + "  " + document + "\n";
  }

  /** Whether the document is there. */
  public boolean hasDocument() throws IOException {
    return files.exists(new Path(folder, document));
  }

  /**
   * The document's content, of which nothing is known yet.
   *
   * @throws InvalidInputException when it is too large
   */
  public byte[] document() throws IOException {
    return read(document, LARGEST_DOCUMENT);
  }

  /** Whether the document has a seal: models of earlier versions have none. */
  public boolean isSealed() throws IOException {
    return files.exists(new Path(folder, document + SEAL));
  }

  /**
   * Checks the document's seal.
   *
   * @throws InvalidInputException when it is another document's
   */
  public void verifySeal(byte[] content) throws IOException {
    byte[] seal = sealOf(content).getBytes(StandardCharsets.UTF_8);
    String name = document + SEAL;
    boolean asLong = files.getFileStatus(new Path(folder, name)).getLen() == seal.length;
    if (!asLong || !Arrays.equals(read(name, LARGEST_FILE), seal)) {
      throw new InvalidInputException(
          "%s: its checksum differs from %s; one of the two is damaged, or was changed by hand"
              .formatted(document, name));
    }
  }

  /**
   * A file's content.
   *
   * @param expected what the document says about it; may be null
   * @throws InvalidInputException when it isn't that
   */
  public byte[] verified(String name, FileEntry expected) throws IOException {
    var path = new Path(folder, name);
    if (expected == null || !files.exists(path)) {
      throw new InvalidInputException(name + ": missing");
    }
    long found = files.getFileStatus(path).getLen();
    if (found != expected.bytes()) {
      throw new InvalidInputException(
          "%s: %d bytes, but %s says %d; the file is cut short or damaged"
              .formatted(name, found, document, expected.bytes()));
    }
    byte[] content = read(name, LARGEST_FILE);
    if (!FileEntry.of(content).equals(expected)) {
      throw new InvalidInputException(
          "%s: its checksum differs from %s; the file is damaged".formatted(name, document));
    }
    return content;
  }

  /**
   * A file of numbers, as {@link #write(String, float[])} wrote it.
   *
   * @param expected what the document says about it; may be null
   * @throws InvalidInputException when it isn't that
   */
  public float[] numbers(String name, FileEntry expected) throws IOException {
    return floats(verified(name, expected));
  }

  /**
   * Checks that a file's weights are as many as those of the document's network.
   *
   * @throws InvalidInputException when they aren't
   */
  public void requireWeights(String name, long found, long expected) {
    if (found != expected) {
      throw new InvalidInputException(
          "%s: %d weights, but the network in %s has %d; the files don't belong together"
              .formatted(name, found, document, expected));
    }
  }

  private byte[] read(String name, long largest) throws IOException {
    var path = new Path(folder, name);
    long length = files.getFileStatus(path).getLen();
    if (length > largest) {
      throw new InvalidInputException(
          "%s: %,d bytes: at most %,d make sense; the file is damaged"
              .formatted(name, length, largest));
    }
    var content = new byte[(int) length];
    try (var in = files.open(path)) {
      in.readFully(content);
    } catch (ChecksumException e) {
      // Some file systems keep checksums of their own, and notice first.
      throw new InvalidInputException(
          "%s: its checksum differs from the file system's; the file is damaged".formatted(name),
          e);
    }
    return content;
  }

  static byte[] bytes(float[] values) {
    var buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static float[] floats(byte[] content) {
    var values = new float[content.length / Float.BYTES];
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
