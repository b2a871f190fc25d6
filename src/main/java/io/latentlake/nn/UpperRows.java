package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Of what {@link PriorRows} or {@link LearnedRows} put rows under, those that were there before: as
 * many as its second input has.
 */
public class UpperRows extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  @Override
  protected int inputs() {
    return 2;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    long rows = inputs[1].size(0);
    return rows == inputs[0].size(0) ? inputs[0] : inputs[0].get(interval(0, rows), all()).dup('c');
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    INDArray result = Nd4j.create(gradient.dataType(), inputs[0].shape());
    result.get(interval(0, gradient.size(0)), all()).assign(gradient);
    return new INDArray[] {result, Nd4j.create(gradient.dataType(), inputs[1].shape())};
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
