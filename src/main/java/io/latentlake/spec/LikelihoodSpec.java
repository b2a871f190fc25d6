package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The decoder's likelihood p(x | z).
 *
 * @param family which distribution
 * @param variance σ² of every feature, used by {@link Family#GAUSSIAN} alone
 * @param scale b of every feature, used by {@link Family#LAPLACE} alone
 * @param groups what {@link Family#MIXED} is mixed of, from the first column on; empty elsewhere.
 *     The variance and the scale above hold for the groups
 */
public record LikelihoodSpec(Family family, double variance, double scale, List<Group> groups)
    implements Serializable {

  /** The distributions on offer, with the values they can score. */
  public enum Family {
    /** Pixels and flags: x in [0, 1], the decoder gives the logit of the mean. */
    @JsonProperty("bernoulli")
    BERNOULLI(0, 1),
    /** Pixels and shares: likewise, as a density over [0, 1]. */
    @JsonProperty("continuous-bernoulli")
    CONTINUOUS_BERNOULLI(0, 1),
    /** Real x, up to where a sum of squares is still a float; the variance is fixed. */
    @JsonProperty("gaussian")
    GAUSSIAN(-1e16, 1e16),
    /** Real x likewise; the variance of each feature is learned, the same for all rows. */
    @JsonProperty("gaussian-feature-variance")
    GAUSSIAN_FEATURE_VARIANCE(-1e16, 1e16),
    /** Real x likewise; the decoder gives the mean and the log-variance of each feature. */
    @JsonProperty("gaussian-learned-variance")
    GAUSSIAN_LEARNED_VARIANCE(-1e16, 1e16),
    /** Real x likewise; a sum of absolute residuals, which outliers pull less. */
    @JsonProperty("laplace")
    LAPLACE(-1e16, 1e16),
    /** One of several: x one-hot, or probabilities; the decoder gives unnormalized logarithms. */
    @JsonProperty("categorical")
    CATEGORICAL(0, 1),
    /** Another likelihood for each group of neighbouring columns; each group has its own range. */
    @JsonProperty("mixed")
    MIXED(Double.NaN, Double.NaN),
    /** Left to the feature plan, which chooses when a model is trained; bernoulli if it doesn't. */
    @JsonProperty("auto")
    AUTO(0, 1);

    private final double minimum;
    private final double maximum;

    Family(double minimum, double maximum) {
      this.minimum = minimum;
      this.maximum = maximum;
    }

    /** The smallest x that has a density under this family. */
    public double minimum() {
      return minimum;
    }

    /** The largest x that has a density under this family. */
    public double maximum() {
      return maximum;
    }
  }

  /**
   * Neighbouring columns under one likelihood.
   *
   * @param family any but {@link Family#MIXED} and {@link Family#AUTO}
   * @param width how many columns
   */
  public record Group(Family family, int width) implements Serializable {
    public Group {
      Require.present("model.likelihood.groups.family", family);
      Require.atLeast("model.likelihood.groups.width", width, 1);
      if (family == Family.MIXED || family == Family.AUTO) {
        throw new InvalidInputException(
            "model.likelihood.groups.family = %s: a group has one family; name its groups one by one"
                .formatted(family.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  public LikelihoodSpec {
    Require.present("model.likelihood.family", family);
    Require.positive("model.likelihood.variance", variance);
    Require.positive("model.likelihood.scale", scale);
    Require.present("model.likelihood.groups", groups);
    groups.forEach(group -> Require.present("model.likelihood.groups element", group));
    groups = List.copyOf(groups);
    if (family == Family.MIXED && groups.isEmpty()) {
      throw new InvalidInputException(
          "model.likelihood.groups = []: a mixed likelihood needs at least one, such as"
              + " { family = gaussian, width = 3 }");
    }
    if (family != Family.MIXED && !groups.isEmpty()) {
      throw new InvalidInputException(
          "model.likelihood.groups of widths %s: only a mixed likelihood has groups; set"
                  .formatted(widths(groups))
              + " model.likelihood.family = mixed");
    }
  }

  /** A likelihood of a single family whose scale, if it has one, is 1. */
  public LikelihoodSpec(Family family, double variance) {
    this(family, variance, 1, List.of());
  }

  /** A likelihood of a single family whose width, if it is fixed, is 1. */
  public static LikelihoodSpec of(Family family) {
    return new LikelihoodSpec(family, 1);
  }

  /**
   * The groups of neighbouring columns that so many features fall into, from the first column on;
   * one alone where nothing is mixed.
   *
   * @throws InvalidInputException when the widths of mixed groups don't add up to the features
   */
  public List<Group> groups(int features) {
    if (family != Family.MIXED) {
      return List.of(new Group(family == Family.AUTO ? Family.BERNOULLI : family, features));
    }
    int sum = groups.stream().mapToInt(Group::width).sum();
    if (sum != features) {
      throw new InvalidInputException(
          "model.likelihood.groups: their widths %s = %d, but a row has %d features; every feature"
                  .formatted(widths(groups), sum, features)
              + " belongs to one group");
    }
    return groups;
  }

  /** The same settings with a family that was left open. */
  public LikelihoodSpec resolved(Family chosen, List<Group> itsGroups) {
    return new LikelihoodSpec(chosen, variance, scale, itsGroups);
  }

  /** The same settings for the columns of one group. */
  public LikelihoodSpec forGroup(Group group) {
    return new LikelihoodSpec(group.family(), variance, scale, List.of());
  }

  private static String widths(List<Group> groups) {
    return groups.stream()
        .map(group -> Integer.toString(group.width()))
        .collect(Collectors.joining(" + "));
  }
}
