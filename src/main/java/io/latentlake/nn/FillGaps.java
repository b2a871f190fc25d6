package io.latentlake.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ReplaceNans;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What the encoder sees of rows in which features are missing: 0 instead of NaN. */
public class FillGaps extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final int columns;

  /**
   * A filling.
   *
   * @param columns width of the rows
   */
  public FillGaps(@JsonProperty("columns") int columns) {
    this.columns = columns;
  }

  public int getColumns() {
    return columns;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    INDArray filled = inputs[0].dup('c');
    Nd4j.getExecutioner().exec(new ReplaceNans(filled, 0));
    return filled;
  }

  /** Of the rows, which nobody moves: null where the encoder gives none either. */
  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    return new INDArray[] {gradient == null ? null : gradient.dup('c')};
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of(columns);
  }
}
