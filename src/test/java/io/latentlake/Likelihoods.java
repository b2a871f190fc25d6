package io.latentlake;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import java.util.List;

/** One likelihood of each family, to run contract tests over. */
public final class Likelihoods {
  private Likelihoods() {}

  /** A likelihood of so many features, at least 6, with a variance and a scale that aren't 1. */
  public static LikelihoodSpec of(Family family, int features) {
    List<Group> groups = family == Family.MIXED ? groups(features) : List.of();
    return new LikelihoodSpec(family, 0.5, 0.7, groups);
  }

  /** Among them one whose variance is shared by all rows, in front of others that have none. */
  private static List<Group> groups(int features) {
    return List.of(
        new Group(Family.GAUSSIAN_FEATURE_VARIANCE, 1),
        new Group(Family.CATEGORICAL, 3),
        new Group(Family.GAUSSIAN_LEARNED_VARIANCE, 1),
        new Group(Family.BERNOULLI, features - 5));
  }
}
