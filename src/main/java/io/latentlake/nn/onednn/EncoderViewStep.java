package io.latentlake.nn.onednn;

import io.latentlake.nn.EncoderView;

/** {@link EncoderView} of the staged rows, which need no gradient. */
final class EncoderViewStep implements Step {
  private final VertexOutput rows;
  private final VertexOutput output;

  /**
   * A view.
   *
   * @param rows staged on the heap
   */
  EncoderViewStep(VertexOutput rows, VertexOutput output) {
    this.rows = rows;
    this.output = output;
  }

  @Override
  public void forward(Pass pass) {
    float[] staged = rows.heapValues();
    float[] seen = output.heapValues();
    for (int i = 0; i < seen.length; i++) {
      seen[i] = EncoderView.of(staged[i]);
    }
    output.storeValues();
  }

  @Override
  public void backward(Pass pass) {}
}
