package io.latentlake.variant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Specifications;
import io.latentlake.nn.LogLikelihood;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Activation;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.PriorSpec;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.VaeSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

/** log p(x) by importance sampling: against a closed form, and as a bound. */
class LogLikelihoodTest {
  private static final int FEATURES = 3;
  private static final int ROWS = 5;
  private static final int REPETITIONS = 8;
  private static final double VARIANCE = 0.6;

  /** With a linear Gaussian decoder p(x) = N(b, WᵀW + σ²I) (Tipping and Bishop, 1999). */
  @Test
  void manySamplesReachTheClosedForm() {
    var likelihood = new LikelihoodSpec(Family.GAUSSIAN, VARIANCE);
    var spec = Specifications.of("vae", List.of(), 2, List.of(), Activation.TANH, likelihood);
    INDArray x = Noise.standardNormal(5, ROWS, FEATURES, DataType.FLOAT);
    try (VaeNetwork network = network(spec)) {
      // q(z|x) = N(0, I): no weight is ever large, and few samples are enough.
      network.graph().getLayer(VaeNetwork.POSTERIOR).getParam("W").assign(0);
      RealMatrix weights = matrix(network.graph().getLayer(VaeNetwork.OUTPUT).getParam("W"));
      double[] bias =
          network.graph().getLayer(VaeNetwork.OUTPUT).getParam("b").ravel().toDoubleVector();
      RealMatrix noise = MatrixUtils.createRealIdentityMatrix(FEATURES).scalarMultiply(VARIANCE);
      var exact =
          new MultivariateNormalDistribution(
              bias, weights.transpose().multiply(weights).add(noise).getData());

      double[] measured = new LogLikelihood(network, 5000).rows(x, seeds(1));

      for (int row = 0; row < ROWS; row++) {
        double expected = Math.log(exact.density(x.getRow(row).toDoubleVector()));
        assertEquals(expected, measured[row], 0.1, "row " + row);
      }
    }
  }

  static Stream<VaeSpec> models() {
    var likelihood = new LikelihoodSpec(Family.BERNOULLI, 1);
    return Stream.of(
            Stream.of("vae", "iwae", "discrete-vae", "adversarial-autoencoder", "vae-gan")
                .map(variant -> spec(variant, likelihood)),
            Stream.of(PriorSpec.Family.MIXTURE, PriorSpec.Family.VAMP)
                .map(
                    family ->
                        Specifications.with(spec("vae", likelihood), new PriorSpec(family, 3))))
        .flatMap(each -> each);
  }

  private static VaeSpec spec(String variant, LikelihoodSpec likelihood) {
    return Specifications.of(variant, List.of(5), 2, List.of(5), Activation.TANH, likelihood);
  }

  @ParameterizedTest
  @MethodSource("models")
  void moreSamplesComeCloserFromBelow(VaeSpec spec) {
    INDArray x = Transforms.sigmoid(Noise.standardNormal(3, ROWS, FEATURES, DataType.FLOAT));
    try (VaeNetwork network = network(spec)) {
      double one = mean(network, 1, x);
      double many = mean(network, 100, x);

      assertTrue(Double.isFinite(one));
      assertTrue(many >= one - 1e-3, many + " < " + one);
      assertTrue(many < 0, "a probability is less than 1");
    }
  }

  private static double mean(VaeNetwork network, int samples, INDArray x) {
    var measurement = new LogLikelihood(network, samples);
    double sum = 0;
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      sum += Arrays.stream(measurement.rows(x, seeds(100 + repetition))).sum();
    }
    return sum / (REPETITIONS * ROWS);
  }

  @Test
  void aRowsResultDoesNotDependOnTheOthers() {
    var spec = spec("vae", new LikelihoodSpec(Family.BERNOULLI, 1));
    INDArray x = Transforms.sigmoid(Noise.standardNormal(3, ROWS, FEATURES, DataType.FLOAT));
    try (VaeNetwork network = network(spec)) {
      var measurement = new LogLikelihood(network, 10);
      double[] together = measurement.rows(x, seeds(7));
      for (int row = 0; row < ROWS; row++) {
        double[] alone = measurement.rows(x.getRow(row, true), new long[] {seeds(7)[row]});
        assertArrayEquals(new double[] {together[row]}, alone, 1e-5);
      }
    }
  }

  private static long[] seeds(long from) {
    return LongStream.range(0, ROWS).map(row -> Noise.seed(from, row)).toArray();
  }

  private static VaeNetwork network(VaeSpec spec) {
    var base = new NeuralNetConfiguration.Builder().seed(17).updater(new Sgd(1));
    return Variants.initialized(Variants.compose(spec, RowShape.of(FEATURES), base));
  }

  private static RealMatrix matrix(INDArray array) {
    return new Array2DRowRealMatrix(array.toDoubleMatrix());
  }
}
