package io.latentlake.nn.onednn;

/** {@link io.latentlake.nn.Columns} of the staged rows, which need no gradient. */
final class ColumnsStep implements Step {
  private final VertexOutput rows;
  private final VertexOutput output;
  private final int from;

  /**
   * Takes as many columns as the output is wide.
   *
   * @param rows staged on the heap
   * @param from the first of them
   */
  ColumnsStep(VertexOutput rows, VertexOutput output, int from) {
    this.rows = rows;
    this.output = output;
    this.from = from;
  }

  @Override
  public void forward(Pass pass) {
    int width = output.width();
    for (int row = 0; row < output.batch(); row++) {
      System.arraycopy(
          rows.heapValues(), row * rows.width() + from, output.heapValues(), row * width, width);
    }
    output.storeValues();
  }

  @Override
  public void backward(Pass pass) {}
}
