package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Puts one input's rows under another's: {@code [a, width]} and {@code [b, width]}. */
public class StackedRows extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  @Override
  protected int inputs() {
    return 2;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return Nd4j.concat(0, inputs);
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    long upper = inputs[0].size(0);
    return new INDArray[] {
      gradient.get(interval(0, upper), all()).dup('c'),
      gradient.get(interval(upper, gradient.size(0)), all()).dup('c')
    };
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of();
  }
}
