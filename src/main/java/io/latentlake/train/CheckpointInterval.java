package io.latentlake.train;

import io.latentlake.spec.InvalidInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a training is written down.
 *
 * @param count of the units between two checkpoints
 * @param unit what is counted
 */
public record CheckpointInterval(int count, Unit unit) {
  /**
   * One an epoch: it is what a validation, a line of the output and the history are made for, and
   * writing then costs little of it. Epochs of hours want rounds.
   */
  public static final CheckpointInterval EPOCH = new CheckpointInterval(1, Unit.EPOCHS);

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(|epochs?|rounds?)");

  /** What may be counted. */
  public enum Unit {
    EPOCHS,
    /** Averaging rounds. */
    ROUNDS
  }

  /**
   * Reads such as {@code 2}, which is {@code 2epochs}, or {@code 50rounds}.
   *
   * @param option whose argument it is
   * @throws InvalidInputException when it is neither
   */
  public static CheckpointInterval parse(String option, String text) {
    Matcher matcher = FORM.matcher(text);
    int count = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (count == 0) {
      throw new InvalidInputException(
          "%s %s: must be a number from 1 on, of epochs or of averaging rounds, such as 1, 2epochs or 50rounds"
              .formatted(option, text));
    }
    Unit unit = matcher.group(2).startsWith("round") ? Unit.ROUNDS : Unit.EPOCHS;
    return new CheckpointInterval(count, unit);
  }

  /** Whether one is due behind so many averaging rounds, within an epoch. */
  boolean isDueAfterRound(long rounds) {
    return unit == Unit.ROUNDS && rounds % count == 0;
  }

  /** Whether one is due behind an epoch, which ends with such a round. */
  boolean isDueAfterEpoch(int epoch, long rounds) {
    return unit == Unit.EPOCHS ? epoch % count == 0 : isDueAfterRound(rounds);
  }
}
