package io.latentlake.score;

import io.latentlake.data.PlainRowEncoder;
import io.latentlake.data.RejectReason;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Scores rows one by one in plain Java, for a service: no Spark session is started, though Spark's
 * and Hadoop's classes are on the classpath. The scores are those that a table's row gets. A model
 * that isn't compiled for the CPU takes the time of a whole batch for each.
 *
 * <p>Owns native memory until it is closed. Not safe for use by two threads at once: give each its
 * own, of one {@link TrainedVae}, which they may share.
 */
public final class RowScorer implements AutoCloseable {
  private final SingleRow row;
  private final PlainRowEncoder encoder;
  private final Optional<SegmentThresholds> segments;

  public RowScorer(TrainedVae model) {
    this.encoder = new PlainRowEncoder(model.encoder());
    this.row = new SingleRow(model);
    this.segments = model.requireCalibration().segments();
  }

  /**
   * Loads a model and scores with it.
   *
   * @param folder on the local disk, or on any file system that Hadoop knows
   * @throws InvalidInputException when there is no model, or it is damaged
   */
  public static RowScorer open(String folder) {
    return new RowScorer(ModelFolder.read(folder, new Configuration()));
  }

  /**
   * Scores a row.
   *
   * @param values each column's value by its name: a number, {@code byte[]}, {@code float[]},
   *     {@code double[]}, a list of numbers, an ML vector, text, a boolean, or a date or time of
   *     {@code java.time} ({@code Instant}, {@code LocalDateTime}, {@code LocalDate}) or {@code
   *     java.sql}; of a model with thresholds by segment also the segment; other keys are passed
   *     over
   * @throws InvalidInputException when a column or the segment isn't there, is of a type that the
   *     model can't read, or has a value that can't be scored
   */
  public ScoredRow score(Map<String, ?> values) {
    ScoredRow scores = scored(encoder.encode(values, row.staging()));
    return segments
        .flatMap(by -> by.of(segment(by.column(), values)))
        .map(scores::flaggedPast)
        .orElse(scores);
  }

  private static String segment(String column, Map<String, ?> values) {
    if (!values.containsKey(column)) {
      throw new InvalidInputException(
          "row: no value of '%s', which the model has a threshold for each of; give it, null where it is missing"
              .formatted(column));
    }
    Object value = values.get(column);
    return value == null ? null : value.toString();
  }

  /**
   * Scores a row of numbers; thresholds of segments, which it can't tell, are passed over.
   *
   * @param values the columns' values, one behind the other
   * @throws InvalidInputException when a column isn't of numbers, there are more or fewer of them,
   *     or one can't be scored
   */
  public ScoredRow score(float[] values) {
    return scored(encoder.encode(values, row.staging()));
  }

  private ScoredRow scored(Optional<RejectReason> rejected) {
    rejected.ifPresent(
        reason -> {
          throw new InvalidInputException("row: can't be scored (%s)".formatted(reason));
        });
    return ScoredRow.of(row.score(), SingleRow.columns());
  }

  @Override
  public void close() {
    row.close();
  }
}
