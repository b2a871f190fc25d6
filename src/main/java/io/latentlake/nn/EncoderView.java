package io.latentlake.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ReplaceNans;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What the encoder sees of rows of planned features: 0 where one is missing, and a number past
 * ±{@value #REACH} on a logarithmic scale from there on. A fill value thousands of deviations off
 * would else drive log σ² to where its exponential overflows, and one such row ends a training. The
 * likelihood still sees the number itself, so the row's error stays as large as it is.
 */
public class EncoderView extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  /** Up to here, in deviations, a number is seen as it is. */
  static final float REACH = 10;

  private final int columns;

  /**
   * A view.
   *
   * @param columns width of the rows
   */
  public EncoderView(@JsonProperty("columns") int columns) {
    this.columns = columns;
  }

  public int getColumns() {
    return columns;
  }

  /** One number as it is seen: x, past the reach sign(x) (reach + log(1 + |x| − reach)). */
  public static float of(float value) {
    float size = Math.abs(value);
    if (size <= REACH) {
      return value;
    }
    return Float.isNaN(value) ? 0 : Math.copySign(REACH + (float) Math.log1p(size - REACH), value);
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    INDArray seen = inputs[0].dup('c');
    Nd4j.getExecutioner().exec(new ReplaceNans(seen, 0));
    INDArray past = Transforms.max(Transforms.abs(seen, true).subi(REACH), 0, false);
    INDArray beyond = Transforms.log(past.addi(1), false).muli(Transforms.sign(seen, true));
    return Transforms.min(Transforms.max(seen, -REACH, false), REACH, false).addi(beyond);
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
