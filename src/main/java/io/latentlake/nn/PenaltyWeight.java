package io.latentlake.nn;

import io.latentlake.spec.PenaltySpec;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Stands between q(z|x) and its penalty: lets the posterior through as it is, so that the penalty's
 * value stays what it is, and multiplies the gradient on its way back by what {@link PenaltySpec}
 * says for that step.
 */
public class PenaltyWeight extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final PenaltySpec spec;
  private final RowLoss penalty;

  /**
   * A weight.
   *
   * @param penalty that it weighs: a capacity is compared with it
   */
  public PenaltyWeight(PenaltySpec spec, RowLoss penalty) {
    this.spec = spec;
    this.penalty = penalty;
  }

  /** For DL4J's JSON. */
  PenaltyWeight(
      @JsonProperty("weight") double weight,
      @JsonProperty("warmUp") int warmUp,
      @JsonProperty("cycles") int cycles,
      @JsonProperty("freeBits") double freeBits,
      @JsonProperty("capacity") double capacity,
      @JsonProperty("penalty") RowLoss penalty) {
    this(new PenaltySpec(weight, warmUp, cycles, freeBits, capacity), penalty);
  }

  public double getWeight() {
    return spec.weight();
  }

  public int getWarmUp() {
    return spec.warmUp();
  }

  public int getCycles() {
    return spec.cycles();
  }

  public double getFreeBits() {
    return spec.freeBits();
  }

  public double getCapacity() {
    return spec.capacity();
  }

  public RowLoss getPenalty() {
    return penalty;
  }

  /** What it follows. */
  @JsonIgnore
  public PenaltySpec spec() {
    return spec;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return inputs[0];
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    double kl =
        spec.capacity() == 0 ? 0 : penalty.rows(inputs[0], inputs[0]).meanNumber().doubleValue();
    return new INDArray[] {gradient.mul(spec.factor(context.iteration(), kl))};
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of(spec, penalty);
  }
}
