package io.latentlake.bench.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/** 784-400-20-400-784: x to the Bernoulli likelihood's logits, μ and log σ². */
final class VaeBlock extends AbstractBlock {
  private static final int FEATURES = 784;
  private static final int HIDDEN = 400;
  private static final int LATENT = 20;

  private final Block encoder = addChildBlock("encoder", linear(HIDDEN));
  private final Block mean = addChildBlock("mean", linear(LATENT));
  private final Block logVariance = addChildBlock("log-variance", linear(LATENT));
  private final Block decoder = addChildBlock("decoder", linear(HIDDEN));
  private final Block output = addChildBlock("output", linear(FEATURES));

  private static Block linear(int units) {
    return Linear.builder().setUnits(units).build();
  }

  /** z sampled while training, z = μ(x) else. */
  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      PairList<String, Object> unusedParameters) {
    NDList hidden = relu(encoder.forward(store, inputs, training));
    NDArray mu = mean.forward(store, hidden, training).singletonOrThrow();
    NDArray logVar = logVariance.forward(store, hidden, training).singletonOrThrow();
    NDArray z = mu;
    if (training) {
      NDArray noise = mu.getManager().randomNormal(mu.getShape());
      z = mu.add(noise.mul(logVar.mul(0.5f).exp()));
    }
    NDList decoded = relu(decoder.forward(store, new NDList(z), training));
    return new NDList(output.forward(store, decoded, training).singletonOrThrow(), mu, logVar);
  }

  private static NDList relu(NDList values) {
    return new NDList(Activation.relu(values.singletonOrThrow()));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    long rows = inputs[0].get(0);
    var latent = new Shape(rows, LATENT);
    return new Shape[] {new Shape(rows, FEATURES), latent, latent};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    encoder.initialize(manager, type, new Shape(1, FEATURES));
    mean.initialize(manager, type, new Shape(1, HIDDEN));
    logVariance.initialize(manager, type, new Shape(1, HIDDEN));
    decoder.initialize(manager, type, new Shape(1, LATENT));
    output.initialize(manager, type, new Shape(1, HIDDEN));
  }
}
