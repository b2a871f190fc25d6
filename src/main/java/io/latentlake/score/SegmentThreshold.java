package io.latentlake.score;

import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.Threshold;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.List;

/**
 * The threshold of a segment's own rows.
 *
 * @param segment the column's value, as text; null where it has none
 * @param rows scored ones
 * @param threshold past which they are anomalies; null where none could be chosen
 * @param flagged how many rows are past it; null likewise
 * @param problem why none could be chosen; null where one was
 */
public record SegmentThreshold(
    String segment, long rows, Float threshold, Long flagged, String problem)
    implements Serializable {

  /**
   * What a model keeps of them: those that could be chosen.
   *
   * @throws InvalidInputException when none could
   */
  public static SegmentThresholds kept(
      List<SegmentThreshold> all, String column, ThresholdRule rule) {
    return new SegmentThresholds(
        column,
        all.stream()
            .filter(each -> each.threshold != null)
            .map(
                each ->
                    new SegmentThresholds.Segment(
                        each.segment,
                        each.rows,
                        new Threshold(rule.rule(), rule.wanted(), each.threshold)))
            .toList());
  }

  /** A segment too small for the rule doesn't keep the others from theirs: it says why. */
  static SegmentThreshold of(String segment, ScoreDistribution scores, ThresholdRule rule) {
    try {
      Threshold placed = rule.place(scores);
      return new SegmentThreshold(
          segment, scores.rows(), placed.score(), scores.rowsPast(placed.score()), null);
    } catch (InvalidInputException e) {
      return new SegmentThreshold(segment, scores.rows(), null, null, e.getMessage());
    }
  }
}
