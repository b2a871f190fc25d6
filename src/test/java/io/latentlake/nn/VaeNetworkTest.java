package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Likelihoods;
import io.latentlake.Specifications;
import io.latentlake.spec.Activation;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.UpdaterSpec;
import io.latentlake.variant.Variants;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * {@link VaeNetwork}'s own passes against those of the DL4J graph that it wraps, and its state
 * against a network that goes on from a copy of it.
 */
class VaeNetworkTest {
  private static final int ROWS = 32;
  private static final int FEATURES = 20;

  @ParameterizedTest
  @EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void lossIsWhatATrainingPassGivesForTheSameNoise(Family family) {
    INDArray x = x();
    try (VaeNetwork network = network(1, family)) {
      for (long seed = 0; seed < 3; seed++) {
        ElboTerms summed = network.loss(x, seed);
        ElboTerms mean = network.train(x, seed);

        assertEquals(mean.reconstruction(), summed.reconstruction() / ROWS, 1e-4);
        assertEquals(mean.kl(), summed.kl() / ROWS, 1e-4);
        assertEquals(mean.loss(), network.graph().score(), 1e-4);
        assertEquals(mean, network.lastLoss());
        assertNotEquals(summed, network.loss(x, seed), "the step changed the weights");
      }
    }
  }

  @Test
  void noiseSeedChangesTheReconstructionAlone() {
    INDArray x = x();
    try (VaeNetwork network = network(1, Family.BERNOULLI)) {
      ElboTerms one = network.loss(x, 1);

      assertEquals(one, network.loss(x, 1));
      assertNotEquals(one.reconstruction(), network.loss(x, 2).reconstruction());
      assertEquals(one.kl(), network.loss(x, 2).kl());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void encodeAndDecodeAreTheGraphsInference(Family family) {
    INDArray x = x();
    try (VaeNetwork network = network(1, family)) {
      network.train(x, 1);
      Map<String, INDArray> expected = network.graph().feedForward(x, false);

      try (var scope = network.scope()) {
        INDArray posterior = network.encode(x);
        INDArray mean = GaussianPosterior.mean(posterior);
        assertClose(expected.get(VaeNetwork.POSTERIOR), posterior);
        assertClose(expected.get(VaeNetwork.LATENT), mean);
        assertClose(expected.get(VaeNetwork.OUTPUT), network.decode(mean));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16})
  void rowIsTheSameInABatchOfAnySize(int size) {
    INDArray x = x();
    try (VaeNetwork network = network(1, Family.GAUSSIAN)) {
      network.train(x, 1);
      INDArray posterior = detached(network, x, true);
      INDArray z = GaussianPosterior.mean(posterior).dup('c');
      INDArray output = detached(network, z, false);
      for (int from = 0; from + size <= ROWS; from += size) {
        assertClose(slice(posterior, from, size), detached(network, slice(x, from, size), true));
        assertClose(slice(output, from, size), detached(network, slice(z, from, size), false));
      }
    }
  }

  @Test
  void copyOfTheStateGoesOnAsTheOriginal() {
    INDArray x = x();
    try (VaeNetwork original = network(1, Family.BERNOULLI);
        VaeNetwork copy = network(2, Family.BERNOULLI);
        VaeNetwork stateless = network(3, Family.BERNOULLI)) {
      for (int step = 0; step < 5; step++) {
        original.train(x, step);
      }
      assertFalse(Arrays.equals(original.parameters(), copy.parameters()));
      float[] parameters = original.parameters();
      copy.setParameters(parameters);
      copy.setUpdaterState(original.updaterState());
      copy.setIteration(5);
      stateless.setParameters(parameters);
      stateless.setIteration(5);
      assertArrayEquals(parameters, copy.parameters());
      assertArrayEquals(original.updaterState(), copy.updaterState());

      original.train(x, 5);
      copy.train(x, 5);
      stateless.train(x, 5);

      assertArrayEquals(original.parameters(), copy.parameters());
      assertFalse(Arrays.equals(original.parameters(), stateless.parameters()), "Adam's moments");
      assertFalse(Arrays.equals(parameters, original.parameters()), "what was given is a copy");
    }
  }

  @Test
  void closingFreesTheWeightsTheirGradientsAndTheUpdatersState() {
    VaeNetwork network = network(1, Family.BERNOULLI);
    network.train(x(), 1);
    INDArray parameters = network.graph().params();
    INDArray gradients = network.graph().getFlattenedGradients();
    INDArray state = network.graph().getUpdater().getStateViewArray();

    network.close();

    assertTrue(parameters.wasClosed());
    assertTrue(gradients.wasClosed());
    assertTrue(state.wasClosed());
    assertDoesNotThrow(network::close, "closing twice is closing once");
  }

  @Test
  void closingFreesTheWeightsOfANetworkThatNeverTrained() {
    VaeNetwork network = network(1, Family.BERNOULLI);
    INDArray parameters = network.graph().params();

    network.close();

    assertTrue(parameters.wasClosed());
  }

  private static VaeNetwork network(long seed, Family family) {
    var likelihood = Likelihoods.of(family, FEATURES);
    var spec = Specifications.of("vae", List.of(12), 4, List.of(11), Activation.RELU, likelihood);
    var updater = new UpdaterSpec(UpdaterSpec.Kind.ADAM, 0.01);
    return Variants.trainable(spec, RowShape.of(FEATURES), updater, seed);
  }

  /** Encoded or decoded, outside of the network's own memory. */
  private static INDArray detached(VaeNetwork network, INDArray value, boolean encode) {
    try (var scope = network.scope()) {
      return (encode ? network.encode(value) : network.decode(value)).detach();
    }
  }

  private static INDArray slice(INDArray array, int from, int size) {
    return array.get(NDArrayIndex.interval(from, from + size), NDArrayIndex.all());
  }

  private static INDArray x() {
    return Transforms.sigmoid(Noise.standardNormal(3, ROWS, FEATURES, DataType.FLOAT));
  }

  private static void assertClose(INDArray expected, INDArray actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertArrayEquals(
        expected.dup('c').ravel().toDoubleVector(), actual.dup('c').ravel().toDoubleVector(), 1e-6);
  }
}
