package io.latentlake.nn;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

  /** One number of the noise that z is made of. */
  abstract double draw(SplittableRandom random);

  /**
   * z as noise decides it.
   *
   * @param posterior {@code [batch, posteriorWidth()]}
   * @param noise of {@link #draw}, {@code [batch, latent]}; used up
   * @return {@code [batch, latent]}, a new array
   */
  abstract INDArray sample(INDArray posterior, INDArray noise);

  /**
   * One z a row.
   *
   * @param posterior {@code [batch, posteriorWidth()]}
   * @param noiseSeed decides which, for the batch as a whole
   * @return {@code [batch, latent]}, a new array
   */
  public final INDArray sample(INDArray posterior, long noiseSeed) {
    return sample(posterior, noise(posterior, noiseSeed));
  }

  /** The noise of a batch, {@code [batch, latent]}, a new array. */
  final INDArray noise(INDArray posterior, long noiseSeed) {
    var noise = new float[Math.toIntExact(posterior.size(0) * latent)];
    fill(noise, 0, noise.length, noiseSeed);
    return array(posterior, noise);
  }

  /**
   * One z a row, which doesn't depend on the other rows.
   *
   * @param posterior {@code [batch, posteriorWidth()]}
   * @param rowSeeds {@code [batch]}
   * @return {@code [batch, latent]}, a new array
   */
  public final INDArray sample(INDArray posterior, long[] rowSeeds) {
    var noise = new float[rowSeeds.length * latent];
    for (int row = 0; row < rowSeeds.length; row++) {
      fill(noise, row * latent, (row + 1) * latent, rowSeeds[row]);
    }
    return sample(posterior, array(posterior, noise));
  }

  private void fill(float[] noise, int from, int to, long seed) {
    var random = new SplittableRandom(seed);
    for (int i = from; i < to; i++) {
      noise[i] = (float) draw(random);
    }
  }

  private INDArray array(INDArray posterior, float[] noise) {
    return Nd4j.createFromArray(noise)
        .reshape('c', posterior.size(0), latent)
        .castTo(posterior.dataType());
  }

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
