package io.latentlake.bench;

import io.latentlake.nn.BatchBuffer;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.VaeSpec;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** The same network as DL4J's own layer, trained on one thread by DL4J's own loop. */
final class LayerOfDl4j implements Contender {
  private final Mnist images = Mnist.read();
  private final BatchBuffer batch;
  private final MultiLayerNetwork network;

  LayerOfDl4j() {
    Configuration configuration = Workload.configuration();
    this.batch = new BatchBuffer(configuration.train().batchSize(), Mnist.FEATURES);
    double rate = configuration.train().updater().learningRate();
    this.network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(configuration.train().seed())
                .updater(new Adam(rate))
                .list(layer(configuration.model()))
                .build());
    network.init();
  }

  private static VariationalAutoencoder layer(VaeSpec spec) {
    return new VariationalAutoencoder.Builder()
        .nIn(Mnist.FEATURES)
        .nOut(spec.latent())
        .encoderLayerSizes(sizes(spec.encoder()))
        .decoderLayerSizes(sizes(spec.decoder()))
        .activation(Activation.RELU)
        .pzxActivationFunction(Activation.IDENTITY)
        .reconstructionDistribution(new BernoulliReconstructionDistribution(Activation.SIGMOID))
        .build();
  }

  private static int[] sizes(List<Integer> layers) {
    return layers.stream().mapToInt(size -> size).toArray();
  }

  @Override
  public Map<Quantity, Double> measure() {
    long start = System.nanoTime();
    for (int at = 0; at < Mnist.ROWS; at += batch.capacity()) {
      int rows = Math.min(batch.capacity(), Mnist.ROWS - at);
      images.copy(at, rows, batch.staging());
      network.pretrainLayer(0, batch.rows(rows));
    }
    return Map.of(Quantity.LAYER_EPOCH, (System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() {
    batch.close();
    network.close();
  }
}
