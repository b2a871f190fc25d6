package io.latentlake.nn;

import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** z is what the encoder gives: q(z|x) is a single point, as in a plain autoencoder. */
public class DeterministicLatent extends LatentVertex {
  private static final long serialVersionUID = 1L;

  public DeterministicLatent(@JsonProperty("latent") int latent) {
    super(latent);
  }

  @Override
  public int posteriorWidth() {
    return getLatent();
  }

  /** None is needed. */
  @Override
  double draw(SplittableRandom random) {
    return 0;
  }

  @Override
  INDArray sample(INDArray posterior, INDArray noise) {
    return mean(posterior);
  }

  @Override
  public INDArray mean(INDArray posterior) {
    return posterior.dup('c');
  }

  @Override
  public INDArray logDensity(INDArray posterior, INDArray z) {
    throw new UnsupportedOperationException("a point has no density");
  }

  @Override
  protected INDArray[] backward(INDArray[] inputs, INDArray z, INDArray gradient, Context context) {
    return new INDArray[] {gradient.dup('c')};
  }

  @Override
  protected List<Object> settings() {
    return List.of(getLatent());
  }
}
