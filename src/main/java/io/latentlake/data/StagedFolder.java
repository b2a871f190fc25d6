package io.latentlake.data;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * A folder that appears under its name only when it is complete: it is written beside it under a
 * hidden name and renamed by {@link #commit()}. Closed without a commit, or when the JVM is
 * interrupted, what was written is removed. A rename is one step on HDFS and local disks; object
 * stores copy, and readers there should wait for the job's end. Killed between the two renames of
 * an overwrite, it leaves the old folder beside the new one's place, its hidden name ending in
 * {@code .previous}. Of two jobs that write to one folder at a time, one is told that it came too
 * late; with overwriting the later one's is what stays.
 */
public final class StagedFolder implements TableOutput {
  /** Where rows that could not be used are; Spark passes it over when it reads the folder. */
  public static final String REJECTED = "_rejected";

  /** Gone when somebody deleted the folder: tasks would make it anew, without what is lost. */
  private static final String MARK = ".being-written";

  /** Renames that may meet another job's. */
  private static final int ATTEMPTS = 5;

  private final FileSystem files;
  private final Path target;
  private final Path staged;
  private final boolean overwrite;
  private boolean committed;

  private StagedFolder(FileSystem files, Path target, boolean overwrite) {
    this.files = files;
    this.target = target;
    this.staged =
        new Path(target.getParent(), "." + target.getName() + ".incomplete-" + UUID.randomUUID());
    this.overwrite = overwrite;
  }

  /**
   * Prepares to write a folder.
   *
   * @param overwrite whether one that exists is replaced, at the commit and not before
   * @throws InvalidInputException when the folder exists and may not be replaced, or its place
   *     can't be written to
   */
  public static StagedFolder create(String folder, boolean overwrite, Configuration hadoop) {
    try {
      var path = new Path(folder);
      if (path.isRoot()) {
        throw new InvalidInputException(folder + ": is a root; name a folder in it");
      }
      FileSystem files = FileSystems.of(path, hadoop);
      var result = new StagedFolder(files, files.makeQualified(path), overwrite);
      result.refuseExisting();
      files.mkdirs(result.staged);
      files.deleteOnExit(result.staged);
      files.create(result.mark()).close();
      return result;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: can't be written to: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /**
   * The same for a folder of what is read elsewhere, which is to outlast the folder's replacement.
   *
   * @param read paths that are read; what is no path, as the name of a bundled set, is passed over
   * @throws InvalidInputException also when one of them would be replaced
   */
  public static StagedFolder create(
      String folder, boolean overwrite, List<String> read, Configuration hadoop) {
    if (overwrite) {
      requireOutside(read, folder, hadoop);
    }
    return create(folder, overwrite, hadoop);
  }

  /**
   * Checks that what is to be replaced takes nothing with it that is read.
   *
   * @param read paths, or names of tables
   * @throws InvalidInputException naming the first that would go
   */
  public static void requireOutside(List<String> read, String replaced, Configuration hadoop) {
    for (String path : read) {
      if (FileSystems.isWithin(path, replaced, hadoop)) {
        throw new InvalidInputException(
            "%s: can't be replaced, because %s is read, which would go with it; name another place"
                .formatted(replaced, path));
      }
    }
  }

  private Path mark() {
    return new Path(staged, MARK);
  }

  private void refuseLosses() {
    boolean lost;
    try {
      lost = !files.exists(mark());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (lost) {
      throw new IllegalStateException(
          "%s: was deleted while it was written, and with it what was to become %s; run it again"
              .formatted(staged, target));
    }
  }

  private void refuseExisting() throws IOException {
    if (!overwrite && files.exists(target)) {
      throw new InvalidInputException(
          target + ": exists already; name another folder, or replace it with --overwrite");
    }
  }

  /** Where to write. */
  public Path path() {
    return staged;
  }

  public FileSystem files() {
    return files;
  }

  @Override
  public void write(DataFrameWriter<Row> rows) {
    try {
      // The folder exists, empty: it was made to see that it can be.
      rows.mode(SaveMode.Append).save(staged.toString());
    } catch (Exception e) {
      // Spark only says which of its own files it misses.
      try {
        refuseLosses();
      } catch (RuntimeException lost) {
        lost.addSuppressed(e);
        throw lost;
      }
      throw e;
    }
  }

  @Override
  public void writeRejected(DataFrameWriter<Row> rows) {
    rows.parquet(new Path(staged, REJECTED).toString());
  }

  @Override
  public String rejected(String output) {
    return output + "/" + REJECTED;
  }

  @Override
  public boolean isStaged() {
    return true;
  }

  /**
   * Makes the folder appear under its name; where that fails, what was there before is there again.
   *
   * @throws InvalidInputException when another job has written one there meanwhile
   * @throws IllegalStateException when what was written was deleted meanwhile
   * @throws IOException when it can't be renamed
   */
  @Override
  public void commit() throws IOException {
    refuseLosses();
    refuseExisting();
    files.delete(mark(), false);
    Set<String> own = content(staged);
    Path previous = new Path(staged.getParent(), staged.getName() + ".previous");
    boolean replacing = isMovedTo(previous);
    if (!hasAppeared(own, previous)) {
      files.delete(previous, true);
      throw new InvalidInputException(
          target
              + ": another job wrote it at the same time; its result stays, this one is withdrawn");
    }
    committed = true;
    files.cancelDeleteOnExit(staged);
    if (replacing) {
      files.delete(previous, true);
    }
  }

  private boolean isMovedTo(Path previous) throws IOException {
    try {
      return overwrite && files.exists(target) && renamed(target, previous);
    } catch (IOException e) {
      throw putBack(previous, e);
    }
  }

  private boolean hasAppeared(Set<String> own, Path previous) throws IOException {
    try {
      return appeared() && !isWithinAnothers();
    } catch (IOException e) {
      throw withdrawn(own, previous, e);
    }
  }

  /**
   * Takes back what a rename that failed has left. An object store's copies file by file, and one
   * whose answer was lost may have been done.
   *
   * @param own what there is of this job's
   * @return the failure
   */
  private IOException withdrawn(Set<String> own, Path previous, IOException failure) {
    try {
      if (files.exists(target) && own.containsAll(content(target))) {
        files.delete(target, true);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return putBack(previous, failure);
  }

  /** The failure, which tells where the former folder is when it isn't where it was. */
  private IOException putBack(Path previous, IOException failure) {
    try {
      if (!files.exists(previous)
          || (!files.exists(target) && files.rename(previous, target))
          || (content(target).containsAll(content(previous)) && files.delete(previous, true))) {
        return failure;
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return new IOException(
        "%s: could not be written: %s; what it was before is in %s"
            .formatted(target, failure.getMessage(), previous),
        failure);
  }

  /** The files in a folder, and in its folders, with their lengths. */
  private Set<String> content(Path folder) throws IOException {
    String above = files.makeQualified(folder).toString();
    var content = new HashSet<String>();
    RemoteIterator<LocatedFileStatus> found = files.listFiles(folder, true);
    while (found.hasNext()) {
      FileStatus file = found.next();
      content.add(file.getPath().toString().substring(above.length()) + " " + file.getLen());
    }
    return content;
  }

  /**
   * Renames in one step, or not at all. Hadoop's local file system would copy into a folder that is
   * there, file by file.
   *
   * @return false where another job has moved the one away, or put the other there
   */
  private boolean renamed(Path from, Path to) throws IOException {
    if (!(files instanceof LocalFileSystem local)) {
      return files.rename(from, to);
    }
    java.nio.file.Path other = local.pathToFile(to).toPath();
    try {
      Files.move(local.pathToFile(from).toPath(), local.pathToFile(to).toPath(), ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException | FileAlreadyExistsException | DirectoryNotEmptyException e) {
      return false;
    }
  }

  /**
   * Renames to the target, or sees that something else stands there. It may be gone the next
   * moment: another job that replaces it moves it aside first.
   */
  private boolean appeared() throws IOException {
    FileSystemException refused = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        if (renamed(staged, target)) {
          return true;
        }
      } catch (FileSystemException e) {
        refused = e; // also where a folder stands that isn't empty: Java 17 doesn't tell them apart
      }
      if (files.exists(target)) {
        return false;
      }
    }
    String reason = refused == null ? "" : ": " + refused.getMessage();
    throw new IOException(
        "%s: could not be renamed to %s%s".formatted(staged, target, reason), refused);
  }

  /** Other file systems rename into a folder that has appeared in the meantime. */
  private boolean isWithinAnothers() throws IOException {
    return files.delete(new Path(target, staged.getName()), true);
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      // Tasks of a job that failed may still write: what they leave goes when the JVM ends.
      files.delete(staged, true);
    }
  }
}
