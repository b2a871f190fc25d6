package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * KL(N(μ, σ²) ‖ N(0, I)) = −½ Σ (1 + log σ² − μ² − σ²), in nats a row, of the posterior's
 * parameters {@code [batch, 2·latent]} (Kingma and Welling, arXiv 1312.6114, appendix B).
 */
public class StandardNormalKl extends RowLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray rows(INDArray posterior, INDArray x) {
    INDArray mean = GaussianPosterior.mean(posterior);
    INDArray logVariance = GaussianPosterior.logVariance(posterior);
    return Transforms.exp(logVariance, true)
        .addi(mean.mul(mean))
        .subi(logVariance)
        .subi(1)
        .sum(1)
        .muli(0.5);
  }

  /** dμ = μ; d log σ² = (σ² − 1)/2. */
  @Override
  public INDArray gradient(INDArray posterior, INDArray x) {
    INDArray gradient = Nd4j.createUninitialized(posterior.dataType(), posterior.shape(), 'c');
    GaussianPosterior.mean(gradient).assign(GaussianPosterior.mean(posterior));
    GaussianPosterior.logVariance(gradient)
        .assign(Transforms.exp(GaussianPosterior.logVariance(posterior), true).subi(1).muli(0.5));
    return gradient;
  }
}
