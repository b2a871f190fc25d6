package io.latentlake.report;

import io.latentlake.model.ScoreDistribution;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** The distribution of raw scores, as SVG. */
final class ScoreDiagram {
  private static final int BINS = 56;

  /** Share of the rows that is left out of an axis at its lower end. */
  private static final double TAIL = 1e-3;

  /** Scores that reach so many times as far as the threshold are shown by their ratios. */
  private static final double FAR = 4;

  private ScoreDiagram() {}

  /**
   * Where raw scores lie.
   *
   * @param training the training rows'
   * @param scored those of a scored table, in front of them
   */
  static Figure of(
      ScoreDistribution training,
      Optional<ScoreDistribution> scored,
      double threshold,
      String caption) {
    ScoreDistribution shown = scored.orElse(training);
    Scale axis = axis(training, shown, threshold);
    double[] edges = axis.divided(BINS);
    double[] shares = shares(shown, edges);
    double[] behind = shares(training, edges);
    double highest =
        DoubleStream.concat(Arrays.stream(shares), Arrays.stream(behind)).max().orElse(1);
    Plot plot =
        Plot.of(
            "Distribution of the raw scores",
            axis,
            "raw score",
            Scale.linear(0, 100 * highest),
            "% of rows");
    for (int i = 0; i < BINS; i++) {
      double from = i == 0 ? axis.low() : edges[i - 1];
      // The bar that the threshold is in holds rows of both sides.
      plot.bar(from >= threshold ? "bar past" : "bar usual", from, edges[i], 100 * shares[i]);
    }
    if (scored.isPresent()) {
      plot.line("curve c2", corners(axis, edges), steps(behind));
    }
    plot.mark("threshold", threshold, "threshold " + Readable.number(threshold));
    List<Figure.Key> keys =
        scored.isPresent()
            ? List.of(
                new Figure.Key("usual", "scored rows", ""),
                new Figure.Key("past", "past the threshold", ""),
                new Figure.Key("c2", "training rows", ""))
            : List.of(
                new Figure.Key("usual", "training rows", ""),
                new Figure.Key("past", "past the threshold", ""));
    return Figure.drawn("Raw scores", plot.toString(), keys, caption);
  }

  /** A row may be so far out that its score is infinite; the axis ends before it. */
  private static Scale axis(ScoreDistribution training, ScoreDistribution shown, double threshold) {
    double[] ends =
        DoubleStream.of(
                lowest(training), lowest(shown), highest(training), highest(shown), threshold)
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(ends).min().orElse(0);
    double high = Arrays.stream(ends).max().orElse(1);
    return high > FAR * threshold ? Scale.logarithmic(low, high) : Scale.linear(low, high);
  }

  private static double lowest(ScoreDistribution scores) {
    return scores.scoreWithPast((1 - TAIL) * scores.rows());
  }

  private static double highest(ScoreDistribution scores) {
    double highest = scores.scoreWithPast(TAIL * scores.rows());
    return Math.min(highest, scores.largestFinite().orElse(highest));
  }

  /**
   * One a bin: what is below the first edge is in the first, what is above the last in the last.
   */
  private static double[] shares(ScoreDistribution scores, double[] edges) {
    List<Float> inner =
        Arrays.stream(edges).limit(edges.length - 1L).mapToObj(edge -> (float) edge).toList();
    return scores.shares(inner);
  }

  private static double[] corners(Scale axis, double[] edges) {
    var corners = new double[2 * edges.length];
    for (int i = 0; i < edges.length; i++) {
      corners[2 * i] = i == 0 ? axis.low() : edges[i - 1];
      corners[2 * i + 1] = edges[i];
    }
    return corners;
  }

  private static double[] steps(double[] shares) {
    return Arrays.stream(shares)
        .flatMap(share -> DoubleStream.of(100 * share, 100 * share))
        .toArray();
  }
}
