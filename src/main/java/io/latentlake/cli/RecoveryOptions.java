package io.latentlake.cli;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Checkpoint;
import io.latentlake.train.CheckpointInterval;
import io.latentlake.train.Checkpoints;
import io.latentlake.train.Recovery;
import io.latentlake.train.TrainingRequest;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** What a training does against faults. */
final class RecoveryOptions {
  /** A second one, should the newest be damaged. */
  private static final int KEPT = 2;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      description =
          "Where the training is written down as it goes, to go on from with --resume. It belongs to one"
              + " run.")
  private Optional<String> checkpoint = Optional.empty();

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N[epochs|rounds]",
      description = "How often: 2, 2epochs, or 50rounds of averaging (default: 1epoch).")
  private Optional<String> every = Optional.empty();

  @Option(
      names = "--checkpoint-keep",
      paramLabel = "N",
      description = "How many checkpoints are kept (default: " + KEPT + ").")
  private Optional<Integer> keep = Optional.empty();

  @Option(
      names = "--resume",
      description =
          "Go on from the newest intact checkpoint; begin anew where there is none. The weights become"
              + " those of a run that was never interrupted.")
  private boolean resume;

  @Option(
      names = "--retry-diverged",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "How often a training that diverges goes on from its last good round at half the learning"
              + " rate (default: ${DEFAULT-VALUE}).")
  private int retries;

  /**
   * Looks at what is there already.
   *
   * @param overwrite whether another run's checkpoints may be removed
   * @param out is told where the training begins
   * @throws InvalidInputException when the options don't go together, or what is there belongs to
   *     another run
   */
  Recovery prepare(
      TrainingRequest request, boolean overwrite, Configuration hadoop, PrintWriter out) {
    Optional<Checkpoints> checkpoints = checkpoint.map(folder -> checkpoints(folder, hadoop));
    if (checkpoints.isEmpty()) {
      requireNone("--resume", resume);
      requireNone("--checkpoint-every", every.isPresent());
      requireNone("--checkpoint-keep", keep.isPresent());
      return new Recovery(checkpoints, Optional.empty(), request, retries, true);
    }
    Optional<Checkpoint> from = Optional.empty();
    checkpoints.get().make();
    if (resume) {
      from = checkpoints.get().newest(request, reason -> out.println("Damaged: " + reason));
      out.println(from.map(RecoveryOptions::goesOn).orElse(beginsAnew()));
    } else {
      checkpoints.get().begin(overwrite);
    }
    out.flush();
    return new Recovery(checkpoints, from, request, retries, true);
  }

  private Checkpoints checkpoints(String folder, Configuration hadoop) {
    CheckpointInterval interval =
        every
            .map(text -> CheckpointInterval.parse("--checkpoint-every", text))
            .orElse(CheckpointInterval.EPOCH);
    return new Checkpoints(folder, interval, keep.orElse(KEPT), hadoop);
  }

  private static void requireNone(String option, boolean given) {
    if (given) {
      throw new InvalidInputException(
          option + ": there is no --checkpoint folder; name one, or leave this out");
    }
  }

  private static String goesOn(Checkpoint from) {
    return from.isComplete()
        ? "All epochs were done before %s".formatted(from.path())
        : "Going on from %s, in epoch %d".formatted(from.path(), from.epoch());
  }

  private String beginsAnew() {
    return "No checkpoint in %s yet: training begins anew".formatted(checkpoint.get());
  }
}
