package io.latentlake.nn.onednn;

/** Brings an output that no other step reads on the heap there: z, where the encoder gives it. */
final class FetchStep implements Step {
  private final VertexOutput output;

  FetchStep(VertexOutput output) {
    this.output = output;
  }

  @Override
  public void forward(Pass pass) {
    output.fetchValues();
  }

  @Override
  public void backward(Pass pass) {}
}
