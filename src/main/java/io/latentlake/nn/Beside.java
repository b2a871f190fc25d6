package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Puts rows beside each other: {@code [batch, a]} and {@code [batch, b]} to {@code [batch, a+b]}.
 */
public class Beside extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final int parts;

  public Beside(@JsonProperty("parts") int parts) {
    this.parts = parts;
  }

  public int getParts() {
    return parts;
  }

  @Override
  protected int inputs() {
    return parts;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    long width = width(Arrays.stream(inputs).mapToLong(input -> input.size(1)).toArray());
    INDArray result =
        Nd4j.createUninitialized(inputs[0].dataType(), new long[] {inputs[0].size(0), width}, 'c');
    long at = 0;
    for (INDArray input : inputs) {
      result.get(all(), interval(at, at + input.size(1))).assign(input);
      at += input.size(1);
    }
    return result;
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    var result = new INDArray[inputs.length];
    long at = 0;
    for (int i = 0; i < inputs.length; i++) {
      long next = at + inputs[i].size(1);
      result[i] = gradient.get(all(), interval(at, next)).dup('c');
      at = next;
    }
    return result;
  }

  @Override
  protected long width(long[] inputs) {
    return Arrays.stream(inputs).sum();
  }

  @Override
  protected List<Object> settings() {
    return List.of(parts);
  }
}
