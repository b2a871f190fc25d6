package io.latentlake.nn.onednn;

/** What one vertex of the graph does in a pass. */
interface Step {
  /** From its inputs' values to its output's, or to a term of the loss. */
  void forward(Pass pass);

  /**
   * From its output's gradient to its inputs' and its parameters'; after {@link #forward} of the
   * same pass, for a mean over the pass's rows.
   */
  void backward(Pass pass);

  /**
   * Where its parameters begin in the flattened vector: behind its {@link #backward} those from
   * there on, of this and later steps, may move.
   */
  default int firstParameter() {
    return Integer.MAX_VALUE;
  }

  /** The parameters have changed from outside. */
  default void parametersChanged(Pass pass) {}
}
