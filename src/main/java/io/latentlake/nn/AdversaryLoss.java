package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The discriminator's loss, −log D(real) − mean of log(1 − D(fake)) for each row of the batch, in
 * nats (Goodfellow et al., arXiv 1406.2661, equation 1). Its input are logits, {@code [parts·batch,
 * 1]}: one part real, the others fake.
 */
public class AdversaryLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final int parts;
  private final int real;

  /**
   * A loss.
   *
   * @param parts how many batches lie under each other
   * @param real which of them is real, from 0
   */
  public AdversaryLoss(@JsonProperty("parts") int parts, @JsonProperty("real") int real) {
    this.parts = parts;
    this.real = real;
  }

  public int getParts() {
    return parts;
  }

  public int getReal() {
    return real;
  }

  @Override
  public INDArray rows(INDArray logits, INDArray x) {
    long batch = logits.size(0) / parts;
    INDArray sum = Nd4j.create(logits.dataType(), batch);
    for (int part = 0; part < parts; part++) {
      INDArray each = part(logits, part).reshape(batch);
      sum.addi(part == real ? SoftPlus.of(each.neg()) : SoftPlus.of(each).divi(parts - 1));
    }
    return sum;
  }

  /** σ(l) − 1 of the real, σ(l) / (parts − 1) of the others. */
  @Override
  public INDArray gradient(INDArray logits, INDArray x) {
    INDArray result = Transforms.sigmoid(logits, true);
    for (int part = 0; part < parts; part++) {
      INDArray each = part(result, part);
      if (part == real) {
        each.subi(1);
      } else {
        each.divi(parts - 1);
      }
    }
    return result;
  }

  private INDArray part(INDArray logits, int part) {
    long batch = logits.size(0) / parts;
    return logits.get(interval(part * batch, (part + 1) * batch), all());
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && ((AdversaryLoss) other).parts == parts
        && ((AdversaryLoss) other).real == real;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * super.hashCode() + parts) + real;
  }
}
