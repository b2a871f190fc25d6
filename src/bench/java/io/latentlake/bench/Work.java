package io.latentlake.bench;

import io.latentlake.spec.VaeSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Floating point operations in the matrix products of a network, those alone.
 *
 * @param trained FLOP for a row trained: forward, the gradients of the weights, and those of every
 *     layer's input but the first's
 * @param scored FLOP for a row scored: forward
 */
record Work(double trained, double scored) {

  /** Of a network whose likelihood takes one parameter a feature. */
  static Work of(VaeSpec spec, int features) {
    List<Double> layers = new ArrayList<>();
    double width = features;
    for (int hidden : spec.encoder()) {
      layers.add(width * hidden);
      width = hidden;
    }
    layers.add(width * 2 * spec.latent());
    width = spec.latent();
    for (int hidden : spec.decoder()) {
      layers.add(width * hidden);
      width = hidden;
    }
    layers.add(width * features);
    double forward = 2 * layers.stream().mapToDouble(weights -> weights).sum();
    return new Work(3 * forward - 2 * layers.get(0), forward);
  }
}
