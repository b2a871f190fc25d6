package io.latentlake.nn;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * In training gives each row several times: {@code [batch, width]} to {@code [times·batch, width]},
 * the batch as a whole again and again. Elsewhere it does nothing.
 */
public class Repeat extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final int times;

  public Repeat(@JsonProperty("times") int times) {
    this.times = times;
  }

  public int getTimes() {
    return times;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return context.training() ? rows(inputs[0], times) : inputs[0];
  }

  /**
   * The rows several times.
   *
   * @param array {@code [rows, width]}
   * @return {@code [times·rows, width]}, a new array
   */
  static INDArray rows(INDArray array, int times) {
    var copies = new INDArray[times];
    Arrays.fill(copies, array);
    return Nd4j.concat(0, copies);
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    INDArray copies = gradient.reshape('c', times, inputs[0].size(0), inputs[0].size(1));
    return new INDArray[] {copies.sum(0)};
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of(times);
  }
}
