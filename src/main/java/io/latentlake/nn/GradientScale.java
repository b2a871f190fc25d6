package io.latentlake.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Lets values through as they are and multiplies the gradient on its way back. With a negative
 * factor it is the gradient reversal of Ganin and Lempitsky (arXiv 1409.7495, section 3.1): what
 * lies behind it learns to tell apart, what lies before it to make that hard, in one backward pass.
 */
public class GradientScale extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final double factor;

  public GradientScale(@JsonProperty("factor") double factor) {
    this.factor = factor;
  }

  public double getFactor() {
    return factor;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return inputs[0];
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    return new INDArray[] {gradient.mul(factor)};
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of(factor);
  }
}
