package io.latentlake.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of a function of the decoder's output, carried back to z; nothing is dropped out.
 */
final class LatentGradient {
  private final PartialPass pass;

  /** The decoder, in the order of a forward pass. */
  private final List<GraphVertex> path;

  private final boolean categorical;

  LatentGradient(VaeNetwork network) {
    this.pass = network.pass();
    this.categorical = network.posterior() instanceof GumbelSoftmax;
    this.path = pass.path(Set.of(VaeNetwork.LATENT), VaeNetwork.OUTPUT);
    if (network.graph().getFlattenedGradients() == null) {
      network.graph().initGradientsView();
    }
  }

  /**
   * Whether there is one for each row: not where z is made of categories, and not where the decoder
   * normalizes over the batch.
   */
  boolean exists() {
    return !categorical
        && path.stream()
            .filter(GraphVertex::hasLayer)
            .noneMatch(v -> v.getLayer().conf().getLayer() instanceof BatchNormalization);
  }

  /**
   * Computes it. Needs an open scope, and the result ends with it.
   *
   * @param z {@code [batch, latent]}
   * @param outputGradient the function's gradient at the output, {@code [batch, outputs]}
   * @return {@code [batch, latent]}
   */
  INDArray at(INDArray z, UnaryOperator<INDArray> outputGradient) {
    INDArray output = forward(z);
    Map<String, INDArray> gradients =
        new HashMap<>(Map.of(VaeNetwork.OUTPUT, outputGradient.apply(output)));
    for (int i = path.size() - 1; i >= 0; i--) {
      GraphVertex vertex = path.get(i);
      INDArray[] back = backward(vertex, gradients.get(vertex.getVertexName()));
      List<String> inputs = pass.inputs(vertex.getVertexName());
      for (int input = 0; input < inputs.size(); input++) {
        gradients.merge(inputs.get(input), back[input], INDArray::add);
      }
      vertex.clear();
    }
    return gradients.get(VaeNetwork.LATENT);
  }

  /** As in training, where layers keep what the way back needs. */
  private INDArray forward(INDArray z) {
    Map<String, INDArray> values = new HashMap<>(Map.of(VaeNetwork.LATENT, z));
    for (GraphVertex vertex : path) {
      pass.setInputs(vertex, values);
      values.put(vertex.getVertexName(), vertex.doForward(!isDropout(vertex), pass.workspaces()));
    }
    return values.get(VaeNetwork.OUTPUT);
  }

  private INDArray[] backward(GraphVertex vertex, INDArray gradient) {
    if (isDropout(vertex)) {
      return new INDArray[] {gradient};
    }
    vertex.setEpsilon(gradient);
    return vertex.doBackward(false, pass.workspaces()).getSecond();
  }

  private static boolean isDropout(GraphVertex vertex) {
    return vertex instanceof FunctionVertexRuntime runtime && runtime.function() instanceof Dropout;
  }
}
