package io.latentlake.nn.onednn;

import io.latentlake.nn.BernoulliLikelihood;
import io.latentlake.nn.ContinuousBernoulliLikelihood;
import io.latentlake.nn.GaussianLikelihood;
import io.latentlake.nn.LaplaceLikelihood;
import io.latentlake.nn.LearnedVarianceGaussianLikelihood;
import io.latentlake.nn.Likelihood;
import io.latentlake.nn.TrimmedLikelihood;
import java.util.Arrays;
import org.bytedeco.dnnl.stream;

/**
 * −log p(x|z) of each row from the decoder's output, and the gradient. It goes through the batch in
 * blocks of few rows, which stay in the core's own cache from the first loop over them to the last;
 * each loop walks all its arrays with one index, which is what lets the JIT compiler vectorize it.
 */
abstract class LikelihoodStep implements Step {
  /** Numbers of one array in a block, at least one row. */
  private static final int BLOCK = 4096;

  private final VertexOutput output;
  private final int features;
  private final int blockRows;
  private final float[] x;
  private final float[] squares;
  private final float[] gradient;
  private final float[] deviances;
  private double trim;

  LikelihoodStep(VertexOutput output, int features) {
    this.output = output;
    this.features = features;
    this.blockRows = Math.min(output.batch(), Math.max(1, BLOCK / features));
    this.x = block();
    this.squares = block();
    this.deviances = block();
    this.gradient = output.isTrained() ? new float[blockRows * output.width()] : null;
  }

  /** The step of a likelihood that {@link #knows}. */
  static LikelihoodStep of(Arena arena, Likelihood likelihood, VertexOutput output, int features) {
    if (likelihood instanceof BernoulliLikelihood) {
      return new BernoulliStep(arena, output);
    }
    if (likelihood instanceof ContinuousBernoulliLikelihood) {
      return new ContinuousBernoulliStep(arena, output);
    }
    if (likelihood instanceof GaussianLikelihood gaussian) {
      return new GaussianStep(output, gaussian);
    }
    if (likelihood instanceof LaplaceLikelihood laplace) {
      return new LaplaceStep(output, laplace);
    }
    return new LearnedVarianceStep(arena, output, features);
  }

  /** Leaves so large a share of a batch's rows, those of the largest errors, without gradient. */
  final LikelihoodStep trimming(double share) {
    trim = share;
    return this;
  }

  /** Whether {@link #of} has a step for it. */
  static boolean knows(Likelihood likelihood) {
    return likelihood instanceof BernoulliLikelihood
        || likelihood instanceof ContinuousBernoulliLikelihood
        || likelihood instanceof GaussianLikelihood
        || likelihood instanceof LaplaceLikelihood
        || likelihood instanceof LearnedVarianceGaussianLikelihood;
  }

  /** An array for one block's elements, {@code [blockRows, features]}. */
  final float[] block() {
    return new float[blockRows * features];
  }

  final VertexOutput output() {
    return output;
  }

  final int features() {
    return features;
  }

  /** How many rows a block has at most. */
  final int blockRows() {
    return blockRows;
  }

  /** Has oneDNN compute what the terms need, for the whole batch. */
  abstract void prepare(stream stream);

  /** Brings a block to the heap. */
  abstract void load(int firstRow, int rows);

  /** Computes the elements of the first so many features of the block. */
  abstract void elements(float[] x, int count);

  /** −log p(x|z) of the row whose elements are from ≤ i &lt; to. */
  abstract double row(int from, int to);

  /** What {@link #row} is above that of a decoder which gives the row itself. */
  abstract double deviance(float[] x, int from, int to);

  /** Writes each feature's part of the deviance, for the first so many features of the block. */
  abstract void deviances(float[] x, int count, float[] deviances);

  /** What {@link #deviance} is expected to be for rows drawn from p(x|z). */
  abstract double expectedDeviance(int from, int to);

  /** E[x|z] of the block. */
  abstract float[] mean();

  /** (x − E[x|z])² of the first so many features of the block. */
  float[] squares(float[] x, int count) {
    squareResiduals(x, mean(), squares, count);
    return squares;
  }

  /** Writes d(Σ rows)/d(output)·scale for the first so many features of the block. */
  abstract void gradient(float[] x, int count, float scale, float[] gradient);

  @Override
  public final void forward(Pass pass) {
    prepare(pass.stream());
    for (int first = 0; first < pass.rows(); first += blockRows) {
      block(pass, first, Math.min(blockRows, pass.rows() - first));
    }
    if (pass.kind() == Pass.Kind.TRAIN) {
      clearFillers(pass.rows());
      clearWorst(pass);
    }
  }

  private void clearWorst(Pass pass) {
    if (trim > 0) {
      Arrays.fill(gradient, 0);
      for (int row : TrimmedLikelihood.worst(pass.reconstruction(), pass.rows(), trim)) {
        output.storeGradients(row, 1, gradient);
      }
    }
  }

  private void block(Pass pass, int first, int rows) {
    int count = rows * features;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(pass.x(), (first + row) * pass.width(), x, row * features, features);
    }
    load(first, rows);
    elements(x, count);
    for (int row = 0; row < rows; row++) {
      pass.reconstruction()[first + row] = (float) row(row * features, (row + 1) * features);
    }
    if (pass.means() != null) {
      System.arraycopy(mean(), 0, pass.means(), first * features, count);
    }
    if (pass.featureDeviance() != null) {
      deviances(x, count, deviances);
      System.arraycopy(deviances, 0, pass.featureDeviance(), first * features, count);
    }
    if (pass.kind() == Pass.Kind.SCORE) {
      float[] squares = squares(x, count);
      for (int row = 0; row < rows; row++) {
        int from = row * features;
        int to = from + features;
        pass.squared()[first + row] = (float) RowReduction.sum(squares, from, to);
        pass.deviance()[first + row] = (float) deviance(x, from, to);
        pass.expectedDeviance()[first + row] = (float) expectedDeviance(from, to);
      }
    } else if (pass.kind() == Pass.Kind.TRAIN) {
      gradient(x, count, 1f / pass.rows(), gradient);
      output.storeGradients(first, rows, gradient);
    }
  }

  /** Rows that only fill the batch up must not move the weights. */
  private void clearFillers(int from) {
    if (from < output.batch()) {
      Arrays.fill(gradient, 0);
    }
    for (int first = from; first < output.batch(); first += blockRows) {
      output.storeGradients(first, Math.min(blockRows, output.batch() - first), gradient);
    }
  }

  /** The gradient was written on the way forward, while its elements were at hand. */
  @Override
  public final void backward(Pass pass) {}

  /** The first so many values times a factor. */
  static void scale(float[] values, double factor, int count, float[] scaled) {
    float single = (float) factor;
    for (int i = 0; i < count; i++) {
      scaled[i] = values[i] * single;
    }
  }

  /** (m − x)², element by element. */
  static void squareResiduals(float[] x, float[] mean, float[] squares, int count) {
    for (int i = 0; i < count; i++) {
      float residual = mean[i] - x[i];
      squares[i] = residual * residual;
    }
  }

  /** (m − x)·scale, element by element. */
  static void residuals(float[] x, float[] mean, float scale, float[] residuals, int count) {
    for (int i = 0; i < count; i++) {
      residuals[i] = (mean[i] - x[i]) * scale;
    }
  }
}
