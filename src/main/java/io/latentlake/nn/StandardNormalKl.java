package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * KL(N(μ, σ²) ‖ N(0, I)) = −½ Σ (1 + log σ² − μ² − σ²), in nats a row, of the posterior's
 * parameters {@code [batch, 2·latent]} (Kingma and Welling, arXiv 1312.6114, appendix B).
 *
 * <p>With free bits its gradient is 0 for the latent dimensions whose KL, mean over the batch, is
 * below them (Kingma et al., arXiv 1606.04934, section 4); its value stays what it is.
 */
public class StandardNormalKl extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final double freeBits;

  /**
   * A penalty.
   *
   * @param freeBits nats a latent dimension may cost; 0 for none
   */
  public StandardNormalKl(@JsonProperty("freeBits") double freeBits) {
    this.freeBits = freeBits;
  }

  public double getFreeBits() {
    return freeBits;
  }

  @Override
  public INDArray rows(INDArray posterior, INDArray x) {
    return byDimension(posterior).sum(1);
  }

  /** The KL of each latent dimension, nats, {@code [batch, latent]}. */
  static INDArray byDimension(INDArray posterior) {
    INDArray mean = GaussianPosterior.mean(posterior);
    INDArray logVariance = GaussianPosterior.logVariance(posterior);
    return Transforms.exp(logVariance, true)
        .addi(mean.mul(mean))
        .subi(logVariance)
        .subi(1)
        .muli(0.5);
  }

  /** dμ = μ; d log σ² = (σ² − 1)/2. */
  @Override
  public INDArray gradient(INDArray posterior, INDArray x) {
    INDArray gradient = Nd4j.createUninitialized(posterior.dataType(), posterior.shape(), 'c');
    GaussianPosterior.mean(gradient).assign(GaussianPosterior.mean(posterior));
    GaussianPosterior.logVariance(gradient)
        .assign(Transforms.exp(GaussianPosterior.logVariance(posterior), true).subi(1).muli(0.5));
    if (freeBits > 0) {
      INDArray costly = byDimension(posterior).mean(0).gte(freeBits).castTo(posterior.dataType());
      INDArray both = Nd4j.concat(0, costly, costly);
      gradient.muliRowVector(both.reshape(1, both.length()));
    }
    return gradient;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((StandardNormalKl) other).freeBits == freeBits;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Double.hashCode(freeBits);
  }
}
