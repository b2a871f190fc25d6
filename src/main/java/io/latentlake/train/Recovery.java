package io.latentlake.train;

import io.latentlake.spec.InvalidInputException;
import java.util.Optional;

/**
 * What a training does against faults.
 *
 * @param checkpoints where it is written down, if it is
 * @param from what it goes on from; empty for a training from the beginning
 * @param request what it was asked for, as the checkpoints remember it
 * @param retries how often a training that diverges goes on from its last good round at half the
 *     rate
 * @param keepsDiverged whether one that diverges for good gives the model of its last good round,
 *     and not an exception
 */
public record Recovery(
    Optional<Checkpoints> checkpoints,
    Optional<Checkpoint> from,
    TrainingRequest request,
    int retries,
    boolean keepsDiverged) {

  public Recovery {
    if (retries < 0) {
      throw new InvalidInputException("--retry-diverged %d: must be at least 0".formatted(retries));
    }
  }

  /** Nothing is done. */
  public static Recovery none(TrainingRequest request) {
    return new Recovery(Optional.empty(), Optional.empty(), request, 0, false);
  }
}
