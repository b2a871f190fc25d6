package io.latentlake.nn;

import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * In training leaves out values at random and scales up the others, so that their mean stays
 * (Srivastava et al., JMLR 15, 2014, section 10); elsewhere it does nothing. DL4J's own dropout
 * draws from a generator that all networks of a JVM share, so that its weights can't be repeated.
 */
public class Dropout extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final double probability;
  private final int place;

  /**
   * A vertex.
   *
   * @param probability that a value is left out
   * @param place tells it from others of the network, which are given the same seed
   */
  public Dropout(
      @JsonProperty("probability") double probability, @JsonProperty("place") int place) {
    this.probability = probability;
    this.place = place;
  }

  public double getProbability() {
    return probability;
  }

  public int getPlace() {
    return place;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return context.training() ? mask(inputs[0], context).muli(inputs[0]) : inputs[0];
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    return new INDArray[] {mask(gradient, context).muli(gradient)};
  }

  /** 0 for what is left out, 1 / (1 − probability) for what stays; row-major. */
  private INDArray mask(INDArray values, Context context) {
    var random = new SplittableRandom(Noise.seed(context.noiseSeed(), place));
    float kept = (float) (1 / (1 - probability));
    var mask = new float[Math.toIntExact(values.length())];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < probability ? 0 : kept;
    }
    return Nd4j.createFromArray(mask).reshape('c', values.shape()).castTo(values.dataType());
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of(probability, place);
  }
}
