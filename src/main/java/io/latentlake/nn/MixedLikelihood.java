package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.latentlake.spec.LikelihoodSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Another likelihood for each group of neighbouring columns; given z the groups are independent, so
 * −log p is the sum of theirs. The outputs hold what the decoder gives for one group after the
 * other, and behind all of that what each group has the same for every row.
 */
public class MixedLikelihood extends Likelihood {
  private static final long serialVersionUID = 1L;

  private final LikelihoodSpec spec;
  private final List<Part> parts;

  /**
   * A mixture by column.
   *
   * @param spec of the mixed family
   */
  public MixedLikelihood(@JsonProperty("spec") LikelihoodSpec spec) {
    this.spec = spec;
    this.parts = parts(spec);
  }

  /** For DL4J's JSON. */
  public LikelihoodSpec getSpec() {
    return spec;
  }

  @Override
  public LikelihoodSpec spec() {
    return spec;
  }

  private static List<Part> parts(LikelihoodSpec spec) {
    var parts = new ArrayList<Part>();
    int feature = 0;
    int decoded = 0;
    int shared =
        spec.groups().stream()
            .mapToInt(group -> Likelihood.of(spec.forGroup(group)).decodedOutputs(group.width()))
            .sum();
    for (LikelihoodSpec.Group group : spec.groups()) {
      int width = group.width();
      Likelihood likelihood = Likelihood.of(spec.forGroup(group));
      var part =
          new Part(
              likelihood,
              new Columns(feature, width),
              new Columns(decoded, likelihood.decodedOutputs(width)),
              new Columns(shared, likelihood.sharedOutputs(width)));
      parts.add(part);
      feature = part.features.end();
      decoded = part.decoded.end();
      shared = part.shared.end();
    }
    return List.copyOf(parts);
  }

  @Override
  public int outputs(int features) {
    spec.groups(features); // which refuses any other number of them
    return last().shared.end();
  }

  @Override
  public int sharedOutputs(int features) {
    return last().shared.end() - last().decoded.end();
  }

  private Part last() {
    return parts.get(parts.size() - 1);
  }

  @Override
  public INDArray features(INDArray output, INDArray x) {
    return byPart(output, part -> part.likelihood.features(part.outputs(output), part.of(x)));
  }

  @Override
  public INDArray saturated(INDArray output, INDArray x) {
    return byPart(output, part -> part.likelihood.saturated(part.outputs(output), part.of(x)));
  }

  @Override
  public INDArray expectedDeviance(INDArray output) {
    return byPart(output, part -> part.likelihood.expectedDeviance(part.outputs(output)));
  }

  /** {@code [batch, features]} of what each part gives for its own. */
  private INDArray byPart(INDArray output, Function<Part, INDArray> given) {
    long[] shape = {output.size(0), last().features.end()};
    INDArray all = Nd4j.createUninitialized(output.dataType(), shape, 'c');
    parts.forEach(part -> part.of(all).assign(given.apply(part)));
    return all;
  }

  @Override
  public INDArray gradient(INDArray output, INDArray x) {
    INDArray gradient = Nd4j.createUninitialized(output.dataType(), output.shape(), 'c');
    parts.forEach(part -> part.putGradient(output, x, gradient));
    return gradient;
  }

  @Override
  public INDArray mean(INDArray output) {
    return byPart(output, part -> part.likelihood.mean(part.outputs(output)));
  }

  @Override
  public INDArray meanGradient(INDArray output, INDArray gradient) {
    INDArray carried = Nd4j.createUninitialized(output.dataType(), output.shape(), 'c');
    parts.forEach(part -> part.putMeanGradient(output, gradient, carried));
    return carried;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((MixedLikelihood) other).spec.equals(spec);
  }

  @Override
  public int hashCode() {
    return spec.hashCode();
  }

  /** Neighbouring columns of a matrix; none where the width is 0. */
  private record Columns(int start, int width) implements Serializable {
    int end() {
      return start + width;
    }

    INDArray of(INDArray matrix) {
      return matrix.get(all(), interval(start, end()));
    }
  }

  /** One group's likelihood, and where its numbers are. */
  private record Part(Likelihood likelihood, Columns features, Columns decoded, Columns shared)
      implements Serializable {

    /** Its features among all. */
    INDArray of(INDArray all) {
      return features.of(all);
    }

    void putGradient(INDArray output, INDArray x, INDArray gradient) {
      put(likelihood.gradient(outputs(output), features.of(x)), gradient);
    }

    void putMeanGradient(INDArray output, INDArray ofMean, INDArray gradient) {
      put(likelihood.meanGradient(outputs(output), features.of(ofMean)), gradient);
    }

    private void put(INDArray own, INDArray gradient) {
      decoded.of(gradient).assign(new Columns(0, decoded.width).of(own));
      if (shared.width > 0) {
        shared.of(gradient).assign(new Columns(decoded.width, shared.width).of(own));
      }
    }

    private INDArray outputs(INDArray output) {
      return shared.width == 0
          ? decoded.of(output)
          : Nd4j.concat(1, decoded.of(output), shared.of(output));
    }
  }
}
