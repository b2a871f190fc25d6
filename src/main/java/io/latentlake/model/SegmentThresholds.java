package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Thresholds of the values of a column, each chosen by its own rows; rows of another value have the
 * model's.
 *
 * @param column of the table that is scored
 * @param segments those that have one
 */
public record SegmentThresholds(String column, List<Segment> segments) implements Serializable {

  /**
   * One of them.
   *
   * @param value the column's, as text; null where it has none
   * @param rows that it was chosen by
   * @param threshold past which they are anomalies
   */
  public record Segment(String value, long rows, Threshold threshold) implements Serializable {
    public Segment {
      if (threshold == null) {
        throw new InvalidInputException("segments: '%s' has no threshold".formatted(value));
      }
    }
  }

  public SegmentThresholds {
    if (column == null || segments == null || segments.isEmpty()) {
      throw new InvalidInputException("segments: need a column and at least one threshold");
    }
    segments = List.copyOf(segments);
    if (segments.stream().map(Segment::value).distinct().count() < segments.size()) {
      throw new InvalidInputException("segments: a value of %s comes twice".formatted(column));
    }
  }

  /** Which rows have them, as a sentence without its end. */
  public String scope() {
    return "Rows have the threshold of their %s, where it has one".formatted(column);
  }

  /** The raw score past which a row of such a value is an anomaly; empty where none is known. */
  public Optional<Float> of(String value) {
    return segments.stream()
        .filter(segment -> Objects.equals(segment.value(), value))
        .map(segment -> segment.threshold().score())
        .findFirst();
  }
}
