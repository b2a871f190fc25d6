package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder of one {@link StagedFolder} for each batch, which Spark reads as one table with the
 * batch's number as a column. A batch that is written again takes its former folder's place. The
 * folder belongs to one checkpoint, whose id it holds: another's batches have the same numbers.
 */
public final class BatchFolders implements BatchOutputs {
  /** The column that the folders of batches make. */
  public static final String BATCH = "batch_id";

  private static final String OWNER = "_checkpoint_id";

  private final Path folder;
  private final String checkpoint;
  private final Configuration hadoop;

  /**
   * The folder of a checkpoint's batches; nothing is written yet.
   *
   * @param checkpoint its id
   * @param hasBatches whether the checkpoint knows of batches, which are to be in the folder
   * @throws InvalidInputException when the folder has other content than the checkpoint's batches,
   *     or no longer has them
   */
  public BatchFolders(String folder, String checkpoint, boolean hasBatches, Configuration hadoop) {
    this.folder = new Path(folder);
    this.checkpoint = checkpoint;
    this.hadoop = hadoop;
    Optional<String> owner = FileSystems.textIfThere(new Path(folder, OWNER), hadoop);
    if (owner.isEmpty() && hasBatches) {
      throw new InvalidInputException(
          "--output %s: the batches that its checkpoint knows of aren't there; start anew with another --checkpoint"
              .formatted(folder));
    }
    if (owner.isEmpty() ? hasContent() : !owner.get().equals(checkpoint)) {
      throw new InvalidInputException(
          "--output %s: exists already and belongs to no or another checkpoint; give the --checkpoint it was begun with, or another folder"
              .formatted(folder));
    }
  }

  private boolean hasContent() {
    try {
      FileSystem files = FileSystems.of(folder, hadoop);
      return files.exists(folder)
          && Arrays.stream(files.listStatus(folder))
              .map(file -> file.getPath().getName())
              .anyMatch(name -> !name.startsWith("_") && !name.startsWith("."));
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: can't be written to: %s".formatted(folder, e.getMessage()), e);
    }
  }

  @Override
  public void prepare() {
    FileSystems.writeWhole(new Path(folder, OWNER), checkpoint, hadoop);
  }

  @Override
  public TableOutput of(long batch) throws IOException {
    String name = BATCH + "=" + batch;
    FileSystem files = FileSystems.of(folder, hadoop);
    // Of a run that was killed; nobody else is at this batch.
    for (FileStatus left : files.globStatus(new Path(folder, "." + name + ".incomplete-*"))) {
      files.delete(left.getPath(), true);
    }
    return StagedFolder.create(new Path(folder, name).toString(), true, hadoop);
  }

  @Override
  public String rejected(String output) {
    return "%s/%s=*/%s".formatted(output, BATCH, StagedFolder.REJECTED);
  }
}
