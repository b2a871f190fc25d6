package io.latentlake.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;

/**
 * A threshold that was chosen after training, in place of the contamination's.
 *
 * @param rule what it was chosen by
 * @param wanted what was asked of the rule: a share of rows, or alerts a day
 * @param score the raw score past which a row is an anomaly
 */
public record Threshold(Rule rule, double wanted, float score) implements Serializable {

  /** What a threshold is chosen by. */
  public enum Rule {
    /** A share of the training rows is taken to be anomalous. */
    @JsonProperty("contamination")
    CONTAMINATION("contamination"),
    /** All training rows are taken to be normal, and a share of such rows is flagged. */
    @JsonProperty("false-positive-rate")
    FALSE_POSITIVE_RATE("false-positive-rate"),
    /** So many alerts a day. */
    @JsonProperty("budget")
    BUDGET("budget"),
    /** A share that may be rarer than the rows show, by extreme value theory. */
    @JsonProperty("tail-probability")
    TAIL_PROBABILITY("tail-probability");

    private final String label;

    Rule(String label) {
      this.label = label;
    }

    /** What the command line calls it. */
    public String label() {
      return label;
    }
  }

  /** What it was chosen by, in words. */
  public String reason() {
    return "chosen by a %s of %s".formatted(rule.label, wanted);
  }

  public Threshold {
    if (rule == null) {
      throw new InvalidInputException("threshold.rule: must be set");
    }
    if (!(wanted > 0) || Double.isInfinite(wanted)) {
      throw new InvalidInputException(
          "threshold.wanted = %s: must be a finite number above 0".formatted(wanted));
    }
    if (!Float.isFinite(score)) {
      throw new InvalidInputException(
          "threshold.score = %s: must be a finite number".formatted(score));
    }
  }
}
