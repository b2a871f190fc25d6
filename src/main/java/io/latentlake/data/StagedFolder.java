package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * A folder that appears under its name only when it is complete: it is written beside it under a
 * hidden name and renamed by {@link #commit()}. Closed without a commit, or when the JVM is
 * interrupted, what was written is removed. A rename is one step on HDFS and local disks; object
 * stores copy, and readers there should wait for the job's end. Killed between the two renames of
 * an overwrite, it leaves the old folder beside the new one's place, its hidden name ending in
 * {@code .previous}.
 */
public final class StagedFolder implements TableOutput {
  /** Where rows that could not be used are; Spark passes it over when it reads the folder. */
  public static final String REJECTED = "_rejected";

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
      return result;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: can't be written to: %s".formatted(folder, e.getMessage()), e);
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
    // The folder exists, empty: it was made to see that it can be.
    rows.mode(SaveMode.Append).save(staged.toString());
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

  /** Makes the folder appear under its name. */
  @Override
  public void commit() throws IOException {
    refuseExisting();
    Path previous = new Path(staged.getParent(), staged.getName() + ".previous");
    boolean replacing = files.exists(target);
    if (replacing && !files.rename(target, previous)) {
      throw new IOException(target + ": could not be moved aside");
    }
    if (!files.rename(staged, target)) {
      if (replacing) {
        files.rename(previous, target);
      }
      throw new IOException("%s: could not be renamed to %s".formatted(staged, target));
    }
    committed = true;
    files.cancelDeleteOnExit(staged);
    if (replacing) {
      files.delete(previous, true);
    }
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      // Tasks of a job that failed may still write: what they leave goes when the JVM ends.
      files.delete(staged, true);
    }
  }
}
