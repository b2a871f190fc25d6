package io.latentlake.variant;

import io.latentlake.spec.VaeSpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;

/** One model of the family: how it is put together. */
public interface Variant {
  /** The name that configurations use. */
  String name();

  /**
   * Composes the network's graph, without its weights.
   *
   * @param spec what is to be built
   * @param features width of the data
   * @param base DL4J settings that hold for the whole graph: seed, updater, data type
   */
  ComputationGraphConfiguration compose(
      VaeSpec spec, int features, NeuralNetConfiguration.Builder base);
}
