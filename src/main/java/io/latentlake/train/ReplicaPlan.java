package io.latentlake.train;

import io.latentlake.data.FeatureNoise;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.TrainSpec;
import io.latentlake.variant.Variants;
import java.io.Serializable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * What replicas are made from, on whichever executor.
 *
 * @param graph the network, with its updater
 * @param shape what its rows are
 * @param train how it is trained, resolved
 * @param noise on what the encoder sees
 */
record ReplicaPlan(
    ComputationGraphConfiguration graph, RowShape shape, TrainSpec train, FeatureNoise noise)
    implements Serializable {

  /** For one of our variants. */
  static ReplicaPlan of(Configuration configuration, RowShape shape) {
    TrainSpec train = configuration.train();
    ComputationGraphConfiguration graph =
        Variants.trainableGraph(configuration.model(), shape, train.updater(), train.seed());
    var noise = FeatureNoise.within(configuration.model().likelihood(), train.inputNoise());
    return new ReplicaPlan(graph, shape, train, noise);
  }

  /** What a run starts from: weights drawn from its seed, no step taken. */
  ReplicaState initial() {
    try (VaeNetwork network = Variants.initialized(graph)) {
      return new ReplicaState(network.parameters(), network.updaterState(), 0);
    }
  }

  /** A network with these weights; the caller closes it. */
  VaeNetwork network(float[] parameters) {
    VaeNetwork network = Variants.initialized(graph);
    network.setParameters(parameters);
    return network;
  }

  VaeEngine engine() {
    return Variants.trainingEngine(graph, shape.width(), train.updater().kind(), train.batchSize());
  }
}
