package io.latentlake.cli;

import io.latentlake.model.Threshold.Rule;
import io.latentlake.score.ThresholdRule;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a threshold is chosen by: one of these. */
final class ThresholdOptions {
  @Option(
      names = "--contamination",
      paramLabel = "P",
      description = "The share of the training rows taken to be anomalous.")
  private Optional<Double> contamination = Optional.empty();

  @Option(
      names = "--false-positive-rate",
      paramLabel = "P",
      description = "The share of rows to be flagged if all are like the training rows.")
  private Optional<Double> falsePositiveRate = Optional.empty();

  @Option(
      names = "--budget",
      paramLabel = "N",
      description = "Alerts a day among rows such as --scores has.")
  private Optional<Double> budget = Optional.empty();

  @Option(
      names = "--tail-probability",
      paramLabel = "P",
      description =
          "A share of rows, also one rarer than there are training rows to show it: peaks over"
              + " threshold extrapolates.")
  private Optional<Double> tailProbability = Optional.empty();

  ThresholdRule rule(double days) {
    return Stream.of(
            contamination.map(share -> new ThresholdRule(Rule.CONTAMINATION, share, days)),
            falsePositiveRate.map(
                share -> new ThresholdRule(Rule.FALSE_POSITIVE_RATE, share, days)),
            budget.map(alerts -> new ThresholdRule(Rule.BUDGET, alerts, days)),
            tailProbability.map(share -> new ThresholdRule(Rule.TAIL_PROBABILITY, share, days)))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow();
  }
}
