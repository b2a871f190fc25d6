package io.latentlake.cli;

import io.latentlake.data.Addresses;
import io.latentlake.data.BatchFolders;
import io.latentlake.data.BatchOutputs;
import io.latentlake.data.Format;
import io.latentlake.data.LakeBatches;
import io.latentlake.data.TableReader;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Checkpoint;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** That only what is new in a table is scored, and where that is remembered. */
final class IncrementalOptions {
  @Option(
      names = "--incremental",
      required = true,
      description = "Score only what is new since the run before; see --checkpoint.")
  private boolean incremental;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description =
          "Where an incremental job remembers what it has scored. It belongs to one input, output and"
              + " model.")
  private String checkpoint;

  @Option(
      names = "--max-files-per-batch",
      paramLabel = "N",
      description =
          "Files of the input that are scored at a time; what is done stays done if the job dies"
              + " (default: all that are new).")
  private Optional<Integer> maxFilesPerBatch = Optional.empty();

  /** How many files a batch may have. */
  OptionalInt maxFiles() {
    maxFilesPerBatch
        .filter(files -> files < 1)
        .ifPresent(
            files -> {
              throw new InvalidInputException(
                  "--max-files-per-batch %d: must be at least 1".formatted(files));
            });
    return maxFilesPerBatch.stream().mapToInt(files -> files).findFirst();
  }

  /** The checkpoint, which is found to belong to these. */
  Checkpoint checkpoint(
      Session session, TableOptions table, String output, Format format, TrainedVae model) {
    Format read = Format.named(table.format);
    table.requireOutside("--checkpoint", checkpoint, session);
    table.requireOutside("--output", output, session);
    String place = TableReader.qualified(output, format, session.hadoop());
    boolean plain = format == Format.PARQUET || format.isLake();
    return Checkpoint.of(
        checkpoint,
        Addresses.withoutSecrets(TableReader.qualified(table.input, read, session.hadoop())),
        Addresses.withoutSecrets(plain ? place : "%s as %s".formatted(place, format.label())),
        ModelFolder.fingerprint(model),
        session.hadoop());
  }

  /** Where the batches go. */
  static BatchOutputs outputs(
      Session session, String output, Format format, List<String> kept, Checkpoint checkpoint) {
    String id = checkpoint.pinned().id();
    if (format.isLake()) {
      return new LakeBatches(session.spark(), output, format, id);
    }
    if (kept.stream().anyMatch(BatchFolders.BATCH::equalsIgnoreCase)) {
      throw new InvalidInputException(
          "column '%s' can't be kept, the output's folders have that name; leave it out of --keep"
              .formatted(BatchFolders.BATCH));
    }
    return new BatchFolders(output, id, checkpoint.hasBatches(session.hadoop()), session.hadoop());
  }
}
