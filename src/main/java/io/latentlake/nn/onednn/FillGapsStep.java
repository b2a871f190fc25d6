package io.latentlake.nn.onednn;

/** {@link io.latentlake.nn.FillGaps} of the staged rows, which need no gradient. */
final class FillGapsStep implements Step {
  private final VertexOutput rows;
  private final VertexOutput output;

  /**
   * Fills the gaps.
   *
   * @param rows staged on the heap
   */
  FillGapsStep(VertexOutput rows, VertexOutput output) {
    this.rows = rows;
    this.output = output;
  }

  @Override
  public void forward(Pass pass) {
    float[] staged = rows.heapValues();
    float[] filled = output.heapValues();
    for (int i = 0; i < filled.length; i++) {
      filled[i] = Float.isNaN(staged[i]) ? 0 : staged[i];
    }
    output.storeValues();
  }

  @Override
  public void backward(Pass pass) {}
}
