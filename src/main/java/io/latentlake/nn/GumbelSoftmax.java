package io.latentlake.nn;

import io.latentlake.spec.CategoriesSpec;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Categorical variables, one-hot and beside each other in z: {@code [batch, variables·categories]},
 * of logits of the same shape. A draw is the largest of logit plus Gumbel noise; training relaxes
 * it to softmax((logit + noise) / temperature), so that a gradient can pass (Jang, Gu and Poole,
 * arXiv 1611.01144, sections 2.1 and 2.2). Scores take the most probable value.
 */
public class GumbelSoftmax extends LatentVertex {
  private static final long serialVersionUID = 1L;

  private final CategoriesSpec spec;

  public GumbelSoftmax(int variables, CategoriesSpec spec) {
    super(variables * spec.count());
    this.spec = spec;
  }

  /** For DL4J's JSON. */
  GumbelSoftmax(
      @JsonProperty("latent") int latent,
      @JsonProperty("count") int count,
      @JsonProperty("temperature") double temperature,
      @JsonProperty("finalTemperature") double finalTemperature,
      @JsonProperty("annealing") int annealing,
      @JsonProperty("straightThrough") boolean straightThrough) {
    this(
        latent / count,
        new CategoriesSpec(count, temperature, finalTemperature, annealing, straightThrough));
  }

  public int getCount() {
    return spec.count();
  }

  public double getTemperature() {
    return spec.temperature();
  }

  public double getFinalTemperature() {
    return spec.finalTemperature();
  }

  public int getAnnealing() {
    return spec.annealing();
  }

  public boolean isStraightThrough() {
    return spec.straightThrough();
  }

  @Override
  public int posteriorWidth() {
    return getLatent();
  }

  /** Gumbel noise, −log(−log u). */
  @Override
  double draw(SplittableRandom random) {
    return -Math.log(-Math.log(random.nextDouble(Double.MIN_VALUE, 1)));
  }

  @Override
  INDArray sample(INDArray posterior, INDArray noise) {
    return oneHot(noise.addi(posterior));
  }

  @Override
  public INDArray mean(INDArray posterior) {
    return oneHot(posterior);
  }

  @Override
  public INDArray logDensity(INDArray posterior, INDArray z) {
    INDArray logits = posterior.dup('c').reshape('c', -1, spec.count());
    INDArray log = logits.subiColumnVector(LogSumExp.ofRows(logits).reshape(logits.size(0), 1));
    return log.reshape('c', posterior.shape()).muli(z).sum(1);
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    if (!context.training()) {
      return mean(inputs[0]);
    }
    return spec.straightThrough()
        ? sample(inputs[0], context.noiseSeed())
        : relaxed(inputs[0], context);
  }

  /** dlogits = y ⊙ (dz − Σ dz y) / temperature, y the relaxed draw. */
  @Override
  protected INDArray[] backward(INDArray[] inputs, INDArray z, INDArray gradient, Context context) {
    INDArray relaxed = spec.straightThrough() ? relaxed(inputs[0], context) : z;
    INDArray y = relaxed.reshape('c', -1, spec.count());
    INDArray dz = gradient.dup('c').reshape('c', -1, spec.count());
    INDArray mean = y.mul(dz).sum(true, 1);
    INDArray result = dz.subiColumnVector(mean).muli(y).divi(spec.temperature(context.iteration()));
    return new INDArray[] {result.reshape('c', inputs[0].shape())};
  }

  private INDArray relaxed(INDArray logits, Context context) {
    INDArray disturbed = noise(logits, context.noiseSeed()).addi(logits);
    INDArray each =
        disturbed.divi(spec.temperature(context.iteration())).reshape('c', -1, spec.count());
    return LogSumExp.softmax(each).reshape('c', logits.shape());
  }

  private INDArray oneHot(INDArray values) {
    INDArray each = values.dup('c').reshape('c', -1, spec.count());
    INDArray result = Nd4j.create(values.dataType(), each.shape());
    int[] largest = each.argMax(1).toIntVector();
    for (int row = 0; row < largest.length; row++) {
      result.putScalar(row, largest[row], 1);
    }
    return result.reshape('c', values.shape());
  }

  @Override
  protected List<Object> settings() {
    return List.of(getLatent(), spec);
  }
}
