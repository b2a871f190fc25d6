package io.latentlake.report;

import io.latentlake.model.Calibration;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.Threshold;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.Json;

/** What is said about a threshold, of a model or of a scored table. */
final class Thresholds {
  private static final double[] SHARES = {0.05, 0.02, 0.01, 0.005, 0.001, 0.0001};

  private Thresholds() {}

  /** The score's name, as in configurations. */
  static String scoreName(TrainedVae model) {
    return Json.MAPPER.convertValue(model.configuration().score().kind(), String.class);
  }

  /** What placed the threshold. */
  static String chosenBy(Calibration calibration) {
    return calibration
        .chosen()
        .map(Threshold::reason)
        .orElseGet(
            () ->
                "the model takes %s of its training rows to be anomalous"
                    .formatted(Readable.share(calibration.contamination())));
  }

  /** Which rows have a threshold of their own, and which; empty where one serves all rows. */
  static void ofSegments(Calibration calibration, Section section) {
    calibration
        .segments()
        .ifPresent(
            by ->
                section
                    .say(
                        "This one is the model's. %s; what is drawn and counted here is by the model's alone."
                            .formatted(by.scope()))
                    .show(ofSegments(by)));
  }

  private static Grid ofSegments(SegmentThresholds by) {
    Grid grid = Grid.of(by.column(), "#Threshold", "Placed by", "#From rows");
    for (SegmentThresholds.Segment segment : by.segments()) {
      grid.row(
          String.valueOf(segment.value()),
          Readable.aligned(segment.threshold().score()),
          segment.threshold().reason(),
          Readable.count(segment.rows()));
    }
    return grid;
  }

  /** The share of rows past a threshold. */
  static double past(ScoreDistribution scores, double threshold) {
    return (double) scores.rowsPast((float) threshold) / scores.rows();
  }

  /**
   * What thresholds there could be instead.
   *
   * @param scores that they would flag rows among
   */
  static Grid instead(ScoreDistribution scores, double threshold) {
    Grid grid = Grid.of("Threshold", "#Raw score", "#Rows past it", "#Share");
    boolean now = false;
    for (double share : SHARES) {
      float score = scores.scoreWithPast(share * scores.rows());
      if (share < scores.resolution()) {
        break;
      }
      if (!now && score >= threshold) {
        now = true;
        add(grid, "as it is now", scores, threshold);
      }
      if (score != (float) threshold) {
        add(grid, "for " + Readable.share(share), scores, score);
      }
    }
    if (!now) {
      add(grid, "as it is now", scores, threshold);
    }
    return grid;
  }

  private static void add(Grid grid, String name, ScoreDistribution scores, double threshold) {
    grid.row(
        name,
        Readable.aligned(threshold),
        Readable.count(scores.rowsPast((float) threshold)),
        Readable.share(past(scores, threshold)));
  }
}
