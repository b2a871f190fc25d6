package io.latentlake.nn.onednn;

import io.latentlake.nn.BernoulliLikelihood;
import io.latentlake.nn.GaussianLikelihood;
import io.latentlake.nn.LearnedVarianceGaussianLikelihood;
import io.latentlake.nn.Likelihood;
import java.util.Arrays;

/**
 * −log p(x|z) of each row from the decoder's output, and the gradient. The loops walk all their
 * arrays with one index, which is what lets the JIT compiler vectorize them.
 */
abstract class LikelihoodStep implements Step {
  private final VertexOutput output;
  private final int features;

  /** Squared residuals, {@code [batch, features]}. */
  private final float[] squares;

  LikelihoodStep(VertexOutput output, int features) {
    this.output = output;
    this.features = features;
    this.squares = new float[output.batch() * features];
  }

  /** The step of one of our likelihoods. */
  static LikelihoodStep of(Arena arena, Likelihood likelihood, VertexOutput output, int features) {
    if (likelihood instanceof BernoulliLikelihood) {
      return new BernoulliStep(arena, output);
    }
    if (likelihood instanceof GaussianLikelihood gaussian) {
      return new GaussianStep(output, gaussian);
    }
    return new LearnedVarianceStep(arena, output, features);
  }

  /** Whether {@link #of} has a step for it. */
  static boolean knows(Likelihood likelihood) {
    return likelihood instanceof BernoulliLikelihood
        || likelihood instanceof GaussianLikelihood
        || likelihood instanceof LearnedVarianceGaussianLikelihood;
  }

  final VertexOutput output() {
    return output;
  }

  final int features() {
    return features;
  }

  /** Brings what the terms need to the heap: for all rows of the batch. */
  abstract void prepare(Pass pass);

  /** Computes the elements of the stretch, one row's, and gives −log p(x|z). */
  abstract double row(float[] x, int from, int to);

  /** E[x|z], {@code [batch, features]}; after {@link #prepare}. */
  abstract float[] mean();

  /** Writes d(Σ rows)/d(output)·scale for the first so many elements of x. */
  abstract void gradient(float[] x, int to, float scale, float[] gradient);

  @Override
  public final void forward(Pass pass) {
    prepare(pass);
    for (int row = 0; row < pass.rows(); row++) {
      pass.reconstruction()[row] = (float) row(pass.x(), row * features, (row + 1) * features);
    }
    if (pass.kind() == Pass.Kind.SCORE) {
      squareResiduals(pass.x(), mean(), squares, 0, pass.rows() * features);
      for (int row = 0; row < pass.rows(); row++) {
        pass.squared()[row] =
            (float) RowReduction.sum(squares, row * features, (row + 1) * features);
      }
    }
  }

  /** (m − x)², element by element. */
  static void squareResiduals(float[] x, float[] mean, float[] squares, int from, int to) {
    for (int i = from; i < to; i++) {
      float residual = mean[i] - x[i];
      squares[i] = residual * residual;
    }
  }

  /** (m − x)·scale, element by element. */
  static void residuals(float[] x, float[] mean, float scale, float[] residuals, int to) {
    for (int i = 0; i < to; i++) {
      residuals[i] = (mean[i] - x[i]) * scale;
    }
  }

  @Override
  public final void backward(Pass pass) {
    float[] gradient = output.heapGradients();
    gradient(pass.x(), pass.rows() * features, 1f / pass.rows(), gradient);
    // Rows that only fill the batch up must not move the weights.
    Arrays.fill(gradient, pass.rows() * output.width(), gradient.length, 0);
    output.storeGradients();
  }
}
