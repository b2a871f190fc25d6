package io.latentlake.data;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.latentlake.spec.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

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
      Path outer = resolved(folder, hadoop);
      Path at = resolved(path, hadoop);
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

  /**
   * One name for a path that has several: by links, by a port that is the default, or by what a
   * federated file system mounts. What isn't there yet is where its nearest folder is.
   */
  private static Path resolved(String name, Configuration hadoop) throws IOException {
    Path there = qualified(name, hadoop);
    FileSystem files = of(there, hadoop);
    var missing = new ArrayDeque<String>();
    Optional<Path> known = known(there, files);
    while (known.isEmpty() && there.getParent() != null) {
      missing.push(there.getName());
      there = there.getParent();
      known = known(there, files);
    }
    Path resolved = known.orElse(there);
    for (String below : missing) {
      resolved = new Path(resolved, below);
    }
    URI root = new Protected(of(resolved, hadoop)).getCanonicalUri();
    return new Path(root.getScheme(), root.getAuthority(), resolved.toUri().getPath());
  }

  /** What a path that is there leads to; itself where one may not look. */
  private static Optional<Path> known(Path path, FileSystem files) throws IOException {
    if (files instanceof LocalFileSystem local) {
      java.nio.file.Path here = local.pathToFile(path).toPath();
      return Files.exists(here)
          ? Optional.of(new Path(here.toRealPath().toUri()))
          : Optional.empty();
    }
    try {
      return Optional.of(files.resolvePath(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (AccessDeniedException | AccessControlException e) {
      return Optional.of(path);
    }
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
   * Checks, before the work that a file is to tell of, that it can be written: makes another beside
   * it, and removes that and the folders that it made. A user of an object store may have rights
   * below a prefix only, so nothing is tried above.
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
      var made = new ArrayList<Path>();
      for (Path above = path.getParent(); known(above, files).isEmpty(); ) {
        made.add(above);
        above = above.getParent();
      }
      Path probe = staged(path);
      files.create(probe).close();
      files.delete(probe, false);
      for (Path folder : made) {
        if (files.exists(folder) && files.listStatus(folder).length == 0) {
          files.delete(folder, false);
        }
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
    Path staged = staged(file);
    try {
      FileSystem files = of(file, hadoop);
      try {
        write(staged.toString(), content, hadoop);
        if (replacing) {
          new Protected(files).replace(staged, file);
        } else if (!files.exists(file) && !files.rename(staged, file) && !files.exists(file)) {
          throw new InvalidInputException(file + ": can't be written; check the folder's rights");
        }
      } finally {
        files.delete(staged, false); // not there once it was renamed
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Path staged(Path file) {
    return new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
  }

  /** What a file system does only for those that extend one. */
  private static final class Protected extends FilterFileSystem {
    Protected(FileSystem files) {
      super(files);
    }

    /** In one step where the file system can, as HDFS and local disks. */
    void replace(Path from, Path to) throws IOException {
      if (!(fs instanceof LocalFileSystem local)) {
        rename(from, to, Options.Rename.OVERWRITE);
        return;
      }
      // Hadoop would leave the former file's checksum; without one it reads a file all the same.
      FileSystem raw = local.getRawFileSystem();
      raw.delete(local.getChecksumFile(to), false);
      Files.move(local.pathToFile(from).toPath(), local.pathToFile(to).toPath(), ATOMIC_MOVE);
      if (raw.exists(local.getChecksumFile(from))) {
        raw.rename(local.getChecksumFile(from), local.getChecksumFile(to));
      }
    }

    @Override
    protected URI getCanonicalUri() {
      return super.getCanonicalUri();
    }
  }
}
