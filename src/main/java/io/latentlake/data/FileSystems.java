package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems, with a clear error where one is not installed or can't be written to. */
public final class FileSystems {
  /**
   * Bytes of what is read whole: room for half a million averaging rounds, and no more for a
   * stranger's file to fill memory with.
   */
  private static final long LARGEST_TEXT = 64L << 20;

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
   * Whether a path is a folder or lies in it. What is no path, as the name of a bundled set, does
   * not.
   *
   * @throws InvalidInputException when a file system isn't there
   */
  public static boolean isWithin(String path, String folder, Configuration hadoop) {
    try {
      Path outer = qualified(folder, hadoop);
      Path at = qualified(path, hadoop);
      while (at != null && !at.equals(outer)) {
        at = at.getParent();
      }
      return at != null;
    } catch (IllegalArgumentException e) {
      return false;
    } catch (IOException e) {
      throw new InvalidInputException("%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * The folder of a table whose folders, as {@code day=2026-11-01}, a path leads through: the path
   * itself where it leads through none.
   *
   * @param path of a folder, or of a file in one
   */
  static String aboveFolders(String path, Configuration hadoop) throws IOException {
    Path at = qualified(path, hadoop);
    if (of(at, hadoop).getFileStatus(at).isFile()) {
      at = at.getParent();
    }
    while (at.getParent() != null && at.getName().indexOf('=') > 0) {
      at = at.getParent();
    }
    return at.toString();
  }

  private static Path qualified(String name, Configuration hadoop) throws IOException {
    var path = new Path(name);
    return of(path, hadoop).makeQualified(path);
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
      return new String(whole(of(path, hadoop), path), StandardCharsets.UTF_8);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s %s: can't be read: %s".formatted(option, file, e.getMessage()), e);
    }
  }

  /**
   * A small file's content.
   *
   * @throws InvalidInputException when it is no small file
   */
  public static byte[] whole(FileSystem files, Path path) throws IOException {
    FileStatus status = files.getFileStatus(path);
    if (!status.isFile() || status.getLen() > LARGEST_TEXT) {
      throw new InvalidInputException(
          "%s: %s; it is damaged, or not what it is called"
              .formatted(
                  path,
                  status.isFile()
                      ? "%,d bytes, and at most %,d make sense"
                          .formatted(status.getLen(), LARGEST_TEXT)
                      : "is no file"));
    }
    try (var in = files.open(path)) {
      return in.readNBytes((int) LARGEST_TEXT);
    }
  }

  /**
   * Writes a file, replacing one of that name. Of a new one that can't be written to its end, as
   * for want of room, nothing is left.
   *
   * @throws InvalidInputException when the place can't be written to
   */
  public static void write(String file, byte[] content, Configuration hadoop) {
    try {
      var path = new Path(file);
      FileSystem files = of(path, hadoop);
      boolean isNew = !files.exists(path);
      try (var out = files.create(path, true)) {
        out.write(content);
      } catch (IOException e) {
        if (isNew && files.exists(path)) {
          files.delete(path, false);
        }
        throw e;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Checks, before the work that a file is to tell of, that it can be written: makes another in the
   * nearest folder above it that is there, and removes that.
   *
   * @throws InvalidInputException when it can't
   */
  public static void requireWritable(String file, Configuration hadoop) {
    try {
      Path path = qualified(file, hadoop);
      if (isDevice(path, hadoop)) {
        return;
      }
      FileSystem files = of(path, hadoop);
      if (files.exists(path) && files.getFileStatus(path).isDirectory()) {
        throw new InvalidInputException(
            "%s: can't be written: is a folder; name a file".formatted(file));
      }
      Path folder = path.getParent();
      while (!files.exists(folder)) {
        folder = folder.getParent();
      }
      var probe = new Path(folder, "." + path.getName() + "." + UUID.randomUUID());
      files.create(probe).close();
      files.delete(probe, false);
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
   * Writes a file under a hidden name and renames it, so that it is there only when it is complete;
   * one of that name is replaced. A device or a pipe, which stays what it is, is written to.
   *
   * @throws InvalidInputException when the place can't be written to
   */
  public static void replace(Path file, byte[] content, Configuration hadoop) {
    if (isDevice(file, hadoop)) {
      write(file.toString(), content, hadoop);
    } else {
      appear(file, content, true, hadoop);
    }
  }

  /** Such as {@code /dev/stdout}: what is neither a file nor a folder, to which Hadoop is blind. */
  private static boolean isDevice(Path file, Configuration hadoop) {
    try {
      if (!(of(file, hadoop) instanceof LocalFileSystem local)) {
        return false;
      }
      var place = local.pathToFile(file).toPath();
      return Files.exists(place) && !Files.isRegularFile(place) && !Files.isDirectory(place);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Writes a small text file, which is there only when it is complete. One of that name stays.
   *
   * @throws InvalidInputException when the place can't be written to
   */
  public static void writeWhole(Path file, String text, Configuration hadoop) {
    appear(file, text.getBytes(StandardCharsets.UTF_8), false, hadoop);
  }

  private static void appear(Path file, byte[] content, boolean replacing, Configuration hadoop) {
    var staged = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    write(staged.toString(), content, hadoop);
    try {
      FileSystem files = of(file, hadoop);
      if (replacing) {
        files.delete(file, false);
      }
      boolean renamed = (replacing || !files.exists(file)) && files.rename(staged, file);
      if (!renamed) {
        files.delete(staged, false);
      }
      if (!renamed && (replacing || !files.exists(file))) {
        throw new InvalidInputException(file + ": can't be written; check the folder's rights");
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }
}
