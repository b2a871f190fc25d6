package io.latentlake.nn.onednn;

import io.latentlake.nn.Likelihood;
import io.latentlake.nn.MaskedLikelihood;
import io.latentlake.nn.MixedLikelihood;
import io.latentlake.nn.TrimmedLikelihood;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link MixedLikelihood} and {@link MaskedLikelihood}: −log p(x|z) group by group, leaving out
 * what is missing. A plain loop over each row: tables are narrow, and what they are made of is too
 * mixed for a vector.
 */
final class GroupedLikelihoodStep implements Step {
  private final VertexOutput output;
  private final int features;
  private final double trim;
  private final List<Part> parts = new ArrayList<>();
  private final float[] x;
  private final GroupTerms.Made made;
  private final float[] gradients;

  /** One group, and where its numbers begin in a row of features and in one of outputs. */
  private record Part(GroupTerms terms, int width, int feature, int decoded, int shared) {}

  /**
   * A step of a likelihood that it {@link #knows}.
   *
   * @param trim share of a batch's rows, those of the largest errors, that have no gradient
   */
  GroupedLikelihoodStep(Likelihood likelihood, VertexOutput output, int features, double trim) {
    this.trim = trim;
    this.output = output;
    this.features = features;
    this.x = new float[output.batch() * features];
    this.made = GroupTerms.Made.allocate(output.batch() * features);
    this.gradients = new float[output.batch() * output.width()];
    LikelihoodSpec spec = likelihood.spec();
    int feature = 0;
    int decoded = 0;
    int shared = likelihood.decodedOutputs(features);
    for (Group group : spec.groups(features)) {
      Likelihood own = Likelihood.of(spec.forGroup(group));
      parts.add(
          new Part(GroupTerms.of(spec.forGroup(group)), group.width(), feature, decoded, shared));
      feature += group.width();
      decoded += own.decodedOutputs(group.width());
      shared += own.sharedOutputs(group.width());
    }
  }

  /** Whether it can compute a likelihood. */
  static boolean knows(Likelihood likelihood) {
    LikelihoodSpec spec = likelihood.spec();
    boolean grouped =
        likelihood instanceof MaskedLikelihood
            || likelihood instanceof MixedLikelihood
            || spec.family() == Family.CATEGORICAL;
    return grouped
        && (spec.family() == Family.MIXED
            ? spec.groups().stream().allMatch(group -> GroupTerms.FAMILIES.contains(group.family()))
            : GroupTerms.FAMILIES.contains(spec.family()));
  }

  @Override
  public void forward(Pass pass) {
    float[] outputs = output.fetchValues();
    for (int row = 0; row < pass.rows(); row++) {
      System.arraycopy(pass.x(), row * pass.width(), x, row * features, features);
      pass.reconstruction()[row] = (float) terms(row, outputs);
      if (pass.kind() == Pass.Kind.SCORE) {
        score(row, pass);
      }
    }
    keep(made.mean(), pass.means(), pass.rows());
    keep(made.deviance(), pass.featureDeviance(), pass.rows());
    if (pass.kind() == Pass.Kind.TRAIN) {
      clearWorst(pass);
      storeGradients(pass.rows());
    }
  }

  private void keep(float[] values, float[] wanted, int rows) {
    if (wanted != null) {
      System.arraycopy(values, 0, wanted, 0, rows * features);
    }
  }

  private void score(int row, Pass pass) {
    int from = row * features;
    int to = from + features;
    pass.squared()[row] = (float) squaredError(row);
    pass.deviance()[row] = (float) RowReduction.sum(made.deviance(), from, to);
    pass.expectedDeviance()[row] = (float) RowReduction.sum(made.expectedDeviance(), from, to);
  }

  private double terms(int row, float[] outputs) {
    int start = row * output.width();
    double nats = 0;
    for (Part part : parts) {
      nats +=
          part.terms.of(
              new GroupTerms.Row(
                  x,
                  made,
                  row * features + part.feature,
                  outputs,
                  gradients,
                  start + part.decoded,
                  start + part.shared,
                  part.width));
    }
    return nats;
  }

  private double squaredError(int row) {
    double sum = 0;
    for (int i = row * features; i < (row + 1) * features; i++) {
      double residual = Float.isNaN(x[i]) ? 0 : made.mean()[i] - x[i];
      sum += residual * residual;
    }
    return sum;
  }

  private void clearWorst(Pass pass) {
    if (trim > 0) {
      for (int row : TrimmedLikelihood.worst(pass.reconstruction(), pass.rows(), trim)) {
        int from = row * output.width();
        Arrays.fill(gradients, from, from + output.width(), 0);
      }
    }
  }

  /** Of a mean over the rows; those that only fill the batch up must not move the weights. */
  private void storeGradients(int rows) {
    int count = rows * output.width();
    float scale = 1f / rows;
    for (int i = 0; i < count; i++) {
      gradients[i] *= scale;
    }
    Arrays.fill(gradients, count, gradients.length, 0);
    output.storeGradients(0, output.batch(), gradients);
  }

  /** The gradient was written on the way forward, while its elements were at hand. */
  @Override
  public void backward(Pass pass) {}
}
