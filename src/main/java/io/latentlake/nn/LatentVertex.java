package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of the vertex between encoder and decoder: what the encoder gives is read as a
 * distribution q(z|x), and z is drawn from it. In a pass that doesn't train, z is {@link #mean}.
 */
public abstract class LatentVertex extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final int latent;

  LatentVertex(int latent) {
    this.latent = latent;
  }

  /** Width of z. */
  public final int getLatent() {
    return latent;
  }

  /** Width of what describes q(z|x). */
  public abstract int posteriorWidth();

  /**
   * One z a row.
   *
   * @param posterior {@code [batch, posteriorWidth()]}
   * @param noiseSeed decides which
   * @return {@code [batch, latent]}, a new array
   */
  public abstract INDArray sample(INDArray posterior, long noiseSeed);

  /**
   * The z that scores are computed at.
   *
   * @param posterior {@code [batch, posteriorWidth()]}
   * @return {@code [batch, latent]}, a new array, row-major
   */
  public abstract INDArray mean(INDArray posterior);

  /**
   * log q(z|x) in nats.
   *
   * @param posterior {@code [batch, posteriorWidth()]}
   * @param z {@code [batch, latent]}
   * @return {@code [batch]}
   * @throws UnsupportedOperationException where q(z|x) is a single point
   */
  public abstract INDArray logDensity(INDArray posterior, INDArray z);

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return context.training() ? sample(inputs[0], context.noiseSeed()) : mean(inputs[0]);
  }

  @Override
  protected long width(long[] inputs) {
    return latent;
  }
}
