package io.latentlake.score;

import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.Threshold;
import io.latentlake.model.Threshold.Rule;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;

/**
 * How a threshold is chosen.
 *
 * @param rule what is asked for
 * @param wanted how much of it: a share of rows, or alerts a day
 * @param days how many days of rows there are; for {@link Rule#BUDGET} alone
 */
public record ThresholdRule(Rule rule, double wanted, double days) implements Serializable {

  public ThresholdRule {
    double most = rule == Rule.CONTAMINATION ? 0.5 : 1;
    if (rule != Rule.BUDGET && !(wanted > 0 && wanted < most)) {
      throw new InvalidInputException(
          "--%s %s: must lie strictly between 0 and %s".formatted(rule.label(), wanted, most));
    }
    requirePositive("--" + rule.label(), wanted);
    requirePositive("--days", days);
  }

  private static void requirePositive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidInputException(
          "%s %s: must be a finite number above 0".formatted(option, value));
    }
  }

  /**
   * The threshold for such rows.
   *
   * @throws InvalidInputException when there are too few of them to choose by this rule
   */
  public Threshold place(ScoreDistribution scores) {
    return new Threshold(rule, wanted, score(scores));
  }

  private float score(ScoreDistribution scores) {
    return switch (rule) {
      case CONTAMINATION, FALSE_POSITIVE_RATE -> atShare(scores);
      case BUDGET -> atBudget(scores);
      case TAIL_PROBABILITY -> inTail(scores);
    };
  }

  private float atShare(ScoreDistribution scores) {
    if (wanted < scores.resolution()) {
      throw new InvalidInputException(
          "--%s %s: %,d rows show nothing rarer than %.2g; use --tail-probability, which extrapolates"
              .formatted(rule.label(), wanted, scores.rows(), scores.resolution()));
    }
    return scores.scoreWithPast(wanted * scores.rows());
  }

  private float atBudget(ScoreDistribution scores) {
    double alerts = wanted * days;
    if (alerts < 1 || alerts >= scores.rows()) {
      throw new InvalidInputException(
          "--budget %s: %s alerts in %s days among %,d scored rows; must be at least one and fewer than the rows: give scores of more days, or use --tail-probability"
              .formatted(wanted, alerts, days, scores.rows()));
    }
    return scores.scoreWithPast(alerts);
  }

  private float inTail(ScoreDistribution scores) {
    PeaksOverThreshold tail = PeaksOverThreshold.fit(scores);
    return wanted < tail.share()
        ? (float) tail.quantile(wanted)
        : scores.scoreWithPast(wanted * scores.rows());
  }
}
