package io.latentlake.nn.onednn;

import java.util.List;

/** {@link io.latentlake.nn.Beside}: copies its inputs' rows together, and the gradient apart. */
final class BesideStep implements Step {
  private final List<VertexOutput> inputs;
  private final VertexOutput output;

  BesideStep(List<VertexOutput> inputs, VertexOutput output) {
    this.inputs = inputs;
    this.output = output;
  }

  @Override
  public void forward(Pass pass) {
    float[] joined = output.heapValues();
    int at = 0;
    for (VertexOutput input : inputs) {
      float[] values = input.fetchValues();
      int width = input.width();
      for (int row = 0; row < output.batch(); row++) {
        System.arraycopy(values, row * width, joined, row * output.width() + at, width);
      }
      at += width;
    }
    output.storeValues();
  }

  @Override
  public void backward(Pass pass) {
    float[] gradient = output.fetchGradients();
    int at = 0;
    for (VertexOutput input : inputs) {
      if (input.isTrained()) {
        storeGradients(gradient, at, input);
      }
      at += input.width();
    }
  }

  private void storeGradients(float[] gradient, int from, VertexOutput input) {
    float[] part = input.heapGradients();
    int width = input.width();
    for (int row = 0; row < output.batch(); row++) {
      System.arraycopy(gradient, row * output.width() + from, part, row * width, width);
    }
    input.storeGradients();
  }
}
