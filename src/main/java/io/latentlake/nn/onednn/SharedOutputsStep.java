package io.latentlake.nn.onednn;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/** {@link io.latentlake.nn.SharedOutputs}: learned numbers beside the decoder's, for every row. */
final class SharedOutputsStep implements Step {
  private final VertexOutput input;
  private final VertexOutput output;
  private final FloatPointer parameters;
  private final FloatPointer gradients;
  private final int offset;

  /** The learned numbers, and behind the backward pass their gradient. */
  private final float[] shared;

  /**
   * A step whose parameters begin at the offset.
   *
   * @param gradients of all parameters; null where it is for scoring alone
   */
  SharedOutputsStep(
      VertexOutput input,
      VertexOutput output,
      FloatPointer parameters,
      FloatPointer gradients,
      long offset) {
    this.input = input;
    this.output = output;
    this.parameters = parameters;
    this.gradients = gradients;
    this.offset = Math.toIntExact(offset);
    this.shared = new float[output.width() - input.width()];
  }

  @Override
  public void forward(Pass pass) {
    parameters.position(offset).get(shared);
    parameters.position(0);
    float[] decoded = input.fetchValues();
    float[] both = output.heapValues();
    for (int row = 0; row < output.batch(); row++) {
      int at = row * output.width();
      System.arraycopy(decoded, row * input.width(), both, at, input.width());
      System.arraycopy(shared, 0, both, at + input.width(), shared.length);
    }
    output.storeValues();
  }

  @Override
  public void backward(Pass pass) {
    float[] both = output.fetchGradients();
    float[] decoded = input.heapGradients();
    Arrays.fill(shared, 0);
    for (int row = 0; row < output.batch(); row++) {
      int at = row * output.width();
      System.arraycopy(both, at, decoded, row * input.width(), input.width());
      for (int i = 0; i < shared.length; i++) {
        shared[i] += both[at + input.width() + i];
      }
    }
    input.storeGradients();
    gradients.position(offset).put(shared);
    gradients.position(0);
  }

  @Override
  public int firstParameter() {
    return offset;
  }
}
