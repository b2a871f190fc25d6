package io.latentlake.nn;

import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Draws z = μ + σ⊙ε, ε ~ N(0, I), from the posterior's parameters: {@code [batch, 2·latent]} (μ,
 * then log σ²) to {@code [batch, latent]} (Kingma and Welling, arXiv 1312.6114, section 2.4).
 */
public class Reparameterization extends LatentVertex {
  private static final long serialVersionUID = 1L;

  public Reparameterization(@JsonProperty("latent") int latent) {
    super(latent);
  }

  @Override
  public int posteriorWidth() {
    return 2 * getLatent();
  }

  @Override
  double draw(SplittableRandom random) {
    return random.nextGaussian();
  }

  @Override
  INDArray sample(INDArray posterior, INDArray noise) {
    INDArray logVariance = GaussianPosterior.logVariance(posterior);
    return noise
        .muli(Transforms.exp(logVariance.mul(0.5), false))
        .addi(GaussianPosterior.mean(posterior));
  }

  @Override
  public INDArray mean(INDArray posterior) {
    return GaussianPosterior.mean(posterior).dup('c');
  }

  @Override
  public INDArray logDensity(INDArray posterior, INDArray z) {
    return DiagonalGaussian.logDensity(
        z, GaussianPosterior.mean(posterior), GaussianPosterior.logVariance(posterior));
  }

  /** dμ = dz; d log σ² = dz ⊙ σε / 2, since ∂(σε)/∂(log σ²) = σε/2. */
  @Override
  protected INDArray[] backward(INDArray[] inputs, INDArray z, INDArray gradient, Context context) {
    INDArray posterior = inputs[0];
    INDArray result = Nd4j.createUninitialized(posterior.dataType(), posterior.shape(), 'c');
    GaussianPosterior.mean(result).assign(gradient);
    INDArray deviation = z.sub(GaussianPosterior.mean(posterior));
    GaussianPosterior.logVariance(result).assign(deviation.muli(gradient).muli(0.5));
    return new INDArray[] {result};
  }

  @Override
  protected List<Object> settings() {
    return List.of(getLatent());
  }
}
