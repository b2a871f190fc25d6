package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems, with a clear error where one is not installed or can't be written to. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * The file system of a path; a path without a scheme is on the default one.
   *
   * @throws InvalidInputException when nothing on the classpath knows the scheme
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof ClassNotFoundException)) {
        throw e;
      }
      throw new InvalidInputException(
          "%s: the file system of '%s' is not installed (%s); add it, as with -- --packages"
                  .formatted(path, path.toUri().getScheme(), e.getCause().getMessage())
              + " org.apache.hadoop:hadoop-aws:3.3.4 for s3a",
          e);
    }
  }

  /**
   * Reads a text file.
   *
   * @param option what named it, for the error
   * @throws InvalidInputException when it can't be read
   */
  public static String text(String option, String file, Configuration hadoop) {
    try {
      var path = new Path(file);
      try (var in = of(path, hadoop).open(path)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s %s: can't be read: %s".formatted(option, file, e.getMessage()), e);
    }
  }

  /**
   * Writes a file, replacing one of that name.
   *
   * @throws InvalidInputException when the place can't be written to
   */
  public static void write(String file, byte[] content, Configuration hadoop) {
    try {
      var path = new Path(file);
      try (var out = of(path, hadoop).create(path, true)) {
        out.write(content);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * A small text file's content, if it is there.
   *
   * @throws InvalidInputException when it can't be read
   */
  public static Optional<String> textIfThere(Path file, Configuration hadoop) {
    try {
      if (!of(file, hadoop).exists(file)) {
        return Optional.empty();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("%s: can't be read: %s".formatted(file, e.getMessage()), e);
    }
    return Optional.of(text("file", file.toString(), hadoop));
  }

  /**
   * Writes a small text file, which is there only when it is complete. One of that name stays.
   *
   * @throws InvalidInputException when the place can't be written to
   */
  public static void writeWhole(Path file, String text, Configuration hadoop) {
    var staged = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    write(staged.toString(), text.getBytes(StandardCharsets.UTF_8), hadoop);
    try {
      FileSystem files = of(file, hadoop);
      if (files.exists(file) || !files.rename(staged, file)) {
        files.delete(staged, false);
      }
      if (!files.exists(file)) {
        throw new InvalidInputException(file + ": can't be written; check the folder's rights");
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }
}
