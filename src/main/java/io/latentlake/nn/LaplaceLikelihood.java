package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * x real, the decoder gives the location m, the scale b is fixed: −log p = Σ |x − m|/b + log 2b,
 * the absolute error in units of b.
 */
public class LaplaceLikelihood extends Likelihood {
  private static final long serialVersionUID = 1L;

  private final double scale;

  public LaplaceLikelihood(@JsonProperty("scale") double scale) {
    this.scale = scale;
  }

  /** b of every feature. */
  public double getScale() {
    return scale;
  }

  @Override
  public LikelihoodSpec spec() {
    return new LikelihoodSpec(Family.LAPLACE, 1, scale, List.of());
  }

  @Override
  public int outputs(int features) {
    return features;
  }

  @Override
  public INDArray features(INDArray location, INDArray x) {
    return Transforms.abs(location.sub(x), false).divi(scale).addi(Math.log(2 * scale));
  }

  @Override
  public INDArray saturated(INDArray location, INDArray x) {
    return Nd4j.valueArrayOf(x.shape(), Math.log(2 * scale), x.dataType());
  }

  /** 1: an absolute residual is expected to be b. */
  @Override
  public INDArray expectedDeviance(INDArray location) {
    return Nd4j.onesLike(location);
  }

  /** sign(m − x)/b, and 0 at x. */
  @Override
  public INDArray gradient(INDArray location, INDArray x) {
    return Transforms.sign(location.sub(x), false).divi(scale);
  }

  @Override
  public INDArray mean(INDArray location) {
    return location.dup('c');
  }

  @Override
  public INDArray meanGradient(INDArray location, INDArray gradient) {
    return gradient.dup('c');
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((LaplaceLikelihood) other).scale == scale;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Double.hashCode(scale);
  }
}
