package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * −log of the mean of k importance weights p(x, z) / q(z|x), in nats a row, and the gradient that
 * follows z = μ + σε through it (Burda, Grosse and Salakhutdinov, arXiv 1509.00519, equations 8 and
 * 13). What it reports has KL(q ‖ p) taken off, so that it and the KL add up to the bound.
 *
 * <p>Its input are the decoder's outputs, the posteriors and z beside each other, k times the batch
 * under itself: {@code [k·batch, outputs + 3·latent]}.
 */
public class ImportanceWeightedBound extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final Likelihood likelihood;
  private final int samples;
  private final int latent;

  public ImportanceWeightedBound(
      @JsonProperty("likelihood") Likelihood likelihood,
      @JsonProperty("samples") int samples,
      @JsonProperty("latent") int latent) {
    this.likelihood = likelihood;
    this.samples = samples;
    this.latent = latent;
  }

  public Likelihood getLikelihood() {
    return likelihood;
  }

  public int getSamples() {
    return samples;
  }

  public int getLatent() {
    return latent;
  }

  /** The three parts of the input. */
  private record Parts(INDArray output, INDArray posterior, INDArray z) {}

  private Parts parts(INDArray joined) {
    long outputs = joined.size(1) - 3L * latent;
    return new Parts(
        joined.get(all(), interval(0, outputs)).dup('c'),
        joined.get(all(), interval(outputs, outputs + 2L * latent)).dup('c'),
        joined.get(all(), interval(outputs + 2L * latent, joined.size(1))).dup('c'));
  }

  /** log p(x, z) − log q(z|x), {@code [batch, k]}. */
  private INDArray logWeights(Parts parts, INDArray x) {
    INDArray logPosterior =
        DiagonalGaussian.logDensity(
            parts.z,
            GaussianPosterior.mean(parts.posterior),
            GaussianPosterior.logVariance(parts.posterior));
    INDArray weights =
        DiagonalGaussian.logStandardNormal(parts.z)
            .subi(logPosterior)
            .subi(likelihood.rows(parts.output, x));
    return weights.reshape('c', samples, x.size(0) / samples).transpose().dup('c');
  }

  @Override
  public INDArray rows(INDArray joined, INDArray x) {
    Parts parts = parts(joined);
    INDArray bound = LogSumExp.ofRows(logWeights(parts, Repeat.rows(x, samples)));
    INDArray first = parts.posterior.get(interval(0, x.size(0)), all());
    INDArray kl = new StandardNormalKl(0).rows(first, x);
    return bound.rsubi(Math.log(samples)).subi(kl);
  }

  @Override
  public INDArray gradient(INDArray joined, INDArray x) {
    Parts parts = parts(joined);
    INDArray copies = Repeat.rows(x, samples);
    // [k·batch, 1], in the order of the rows
    INDArray share =
        LogSumExp.softmax(logWeights(parts, copies))
            .transpose()
            .dup('c')
            .reshape('c', joined.size(0), 1);
    INDArray deviation = parts.z.sub(GaussianPosterior.mean(parts.posterior));
    INDArray logVariance = GaussianPosterior.logVariance(parts.posterior);
    INDArray scaled = deviation.mul(Transforms.exp(logVariance.neg(), false)); // (z − μ)/σ²
    INDArray spread = deviation.mul(scaled).subi(1).muli(0.5);
    INDArray each =
        Nd4j.concat(
            1, likelihood.gradient(parts.output, copies), scaled, spread, parts.z.sub(scaled));
    return each.muliColumnVector(share).dup('c');
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && ((ImportanceWeightedBound) other).likelihood.equals(likelihood)
        && ((ImportanceWeightedBound) other).samples == samples
        && ((ImportanceWeightedBound) other).latent == latent;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * likelihood.hashCode() + samples) + latent;
  }
}
