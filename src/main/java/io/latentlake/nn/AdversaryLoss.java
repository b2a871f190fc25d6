package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The discriminator's loss and its opponent's in one graph, for each row of the batch, in nats
 * (Goodfellow et al., arXiv 1406.2661): −log D(real) − mean of log(1 − D(fake)), equation 1, and
 * for the opponent −log D(fooling), which unlike the reversal of the discriminator's own loss still
 * pulls where the discriminator is sure (section 3).
 *
 * <p>Its input are logits, {@code [parts·batch, 1]}. The fooling parts are the fake ones again: the
 * opponent's loss has so small a weight, {@value #FOOLING}, that the discriminator doesn't notice,
 * and {@link GradientScale} gives it back its weight on the way to the opponent, who in turn must
 * be shielded from the fake parts' gradient.
 */
public class AdversaryLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  /** Weight of the opponent's loss: a power of two, which loses nothing when it is taken back. */
  public static final double FOOLING = 1.0 / 1024;

  /** What a batch of the input is to the discriminator. */
  public enum Part {
    /** Data, or draws from the prior. */
    REAL,
    /** What is to be told from them. */
    FAKE,
    /** The same again, to be taken for real. */
    FOOLING
  }

  private final List<Part> parts;
  private final long fakes;

  /**
   * A loss.
   *
   * @param parts what the batches are that lie under each other
   */
  public AdversaryLoss(@JsonProperty("parts") List<Part> parts) {
    this.parts = List.copyOf(parts);
    this.fakes = parts.stream().filter(part -> part == Part.FAKE).count();
  }

  public List<Part> getParts() {
    return parts;
  }

  /** How much a row of a part weighs. */
  private double weight(Part part) {
    return switch (part) {
      case REAL -> 1;
      case FAKE -> 1.0 / fakes;
      case FOOLING -> FOOLING / fakes;
    };
  }

  @Override
  public INDArray rows(INDArray logits, INDArray x) {
    long batch = logits.size(0) / parts.size();
    INDArray sum = Nd4j.create(logits.dataType(), batch);
    for (int i = 0; i < parts.size(); i++) {
      INDArray each = part(logits, i).reshape(batch);
      INDArray loss = SoftPlus.of(parts.get(i) == Part.FAKE ? each : each.neg());
      sum.addi(loss.muli(weight(parts.get(i))));
    }
    return sum;
  }

  /** σ(l) of what is to be called fake, σ(l) − 1 of the others. */
  @Override
  public INDArray gradient(INDArray logits, INDArray x) {
    INDArray result = Transforms.sigmoid(logits, true);
    for (int i = 0; i < parts.size(); i++) {
      INDArray each = part(result, i);
      if (parts.get(i) != Part.FAKE) {
        each.subi(1);
      }
      each.muli(weight(parts.get(i)));
    }
    return result;
  }

  private INDArray part(INDArray logits, int part) {
    long batch = logits.size(0) / parts.size();
    return logits.get(interval(part * batch, (part + 1) * batch), all());
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((AdversaryLoss) other).parts.equals(parts);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + parts.hashCode();
  }
}
