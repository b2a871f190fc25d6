package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Some columns of its input: {@code [batch, width]} to {@code [batch, to − from]}. */
public class Columns extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final int from;
  private final int to;

  /**
   * The columns from ≤ i &lt; to.
   *
   * @param from counted from 0
   */
  public Columns(@JsonProperty("from") int from, @JsonProperty("to") int to) {
    this.from = from;
    this.to = to;
  }

  public int getFrom() {
    return from;
  }

  public int getTo() {
    return to;
  }

  /** The columns of an array, {@code [batch, to − from]}, a new array, row-major. */
  INDArray of(INDArray array) {
    return array.get(all(), interval(from, to)).dup('c');
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return of(inputs[0]);
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    INDArray result = Nd4j.create(gradient.dataType(), inputs[0].shape());
    result.get(all(), interval(from, to)).assign(gradient);
    return new INDArray[] {result};
  }

  @Override
  protected long width(long[] inputs) {
    return to - from;
  }

  @Override
  protected List<Object> settings() {
    return List.of(from, to);
  }
}
