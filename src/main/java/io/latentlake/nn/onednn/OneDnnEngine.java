package io.latentlake.nn.onednn;

import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.TrainingStep;
import io.latentlake.nn.UpdateRule;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.ScoreSpec.Precision;
import io.latentlake.spec.UpdaterSpec;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** A network compiled to oneDNN primitives. */
public final class OneDnnEngine implements VaeEngine {
  private final Arena arena = new Arena();
  private final float[] staging;
  private final int batch;
  private final int size;
  private final FloatPointer parameters;
  private final FloatPointer gradients;
  private final float[] parameterBlock = new float[UpdateRule.BLOCK];
  private final float[] gradientBlock = new float[UpdateRule.BLOCK];
  private final UpdateRule rule;
  private final List<Step> steps;
  private final Pass pass;
  private final VertexOutput input;
  private final VertexOutput latent;

  private OneDnnEngine(
      ComputationGraphConfiguration configuration,
      int width,
      int batch,
      UpdaterSpec.Kind updater,
      memory.data_type type) {
    size =
        Math.toIntExact(
            configuration.getVertices().values().stream()
                .mapToLong((GraphVertex vertex) -> vertex.numParams(true))
                .sum());
    boolean training = updater != null;
    this.batch = batch;
    rule = training ? UpdateRule.of(updater, size) : null;
    parameters = arena.floats(size);
    gradients = training ? arena.floats(size) : null;
    var compiler = new Compiler(configuration, arena, parameters, gradients, type);
    steps = compiler.steps(batch, width);
    input = compiler.output(VaeNetwork.INPUT);
    staging = input.heapValues();
    latent = compiler.output(VaeNetwork.LATENT);
    pass = new Pass(arena.own(new stream(OneDnn.engine())), batch);
  }

  /** Whether every vertex of the network can be compiled, and the library loads here. */
  public static boolean runs(ComputationGraphConfiguration configuration) {
    return Compiler.knows(configuration) && OneDnn.isAvailable();
  }

  /**
   * An engine that trains, evaluates and scores; its weights are all 0 until they are set.
   *
   * @param configuration of a network that {@link #runs} accepts
   * @param width numbers a row
   * @param batch rows a batch
   */
  public static OneDnnEngine training(
      ComputationGraphConfiguration configuration, int width, int batch, UpdaterSpec.Kind updater) {
    return new OneDnnEngine(configuration, width, batch, updater, memory.data_type.f32);
  }

  /**
   * An engine that evaluates and scores; its weights are all 0 until they are set.
   *
   * @param configuration of a network that {@link #runs} accepts
   * @param width numbers a row
   * @param batch rows a batch
   * @param precision wanted; bfloat16 becomes float32 where the CPU doesn't multiply it natively
   */
  public static OneDnnEngine scoring(
      ComputationGraphConfiguration configuration, int width, int batch, Precision precision) {
    boolean rounded = precision == Precision.BFLOAT16 && OneDnn.hasBfloat16();
    return new OneDnnEngine(
        configuration, width, batch, null, rounded ? memory.data_type.bf16 : memory.data_type.f32);
  }

  @Override
  public int capacity() {
    return batch;
  }

  @Override
  public float[] staging() {
    return staging;
  }

  @Override
  public ElboTerms train(int rows, float[] targets, TrainingStep step) {
    if (rule == null) {
      throw new IllegalStateException("compiled for scoring alone");
    }
    pass.begin(Pass.Kind.TRAIN, targets, rows, step);
    forward();
    rule.begin(step.learningRate(), step.iteration());
    int blocks = -Math.floorDiv(-size, UpdateRule.BLOCK);
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).backward(pass);
      // At once, while the gradient of this layer is still in the core's cache.
      while (blocks > 0 && (blocks - 1) * UpdateRule.BLOCK >= steps.get(i).firstParameter()) {
        update(--blocks);
      }
    }
    return terms().times(1.0 / rows);
  }

  private void update(int block) {
    int from = block * UpdateRule.BLOCK;
    int count = Math.min(UpdateRule.BLOCK, size - from);
    gradients.position(from).get(gradientBlock, 0, count);
    parameters.position(from).get(parameterBlock, 0, count);
    rule.apply(block, parameterBlock, gradientBlock, count);
    parameters.put(parameterBlock, 0, count);
    gradients.position(0);
    parameters.position(0);
  }

  @Override
  public ElboTerms loss(int rows, long noiseSeed) {
    pass.begin(Pass.Kind.LOSS, staging, rows, new TrainingStep(noiseSeed, 0, 0));
    forward();
    return terms();
  }

  @Override
  public void score(RowScores scores) {
    pass.begin(Pass.Kind.SCORE, staging, batch, new TrainingStep(0, 0, 0));
    if (scores.explained()) {
      pass.keepFeatureDeviance(scores.featureDeviance());
      pass.keepMeans(scores.mean());
    }
    forward();
    System.arraycopy(pass.reconstruction(), 0, scores.reconstructionError(), 0, batch);
    System.arraycopy(pass.squared(), 0, scores.squaredError(), 0, batch);
    System.arraycopy(pass.deviance(), 0, scores.deviance(), 0, batch);
    System.arraycopy(pass.expectedDeviance(), 0, scores.expectedDeviance(), 0, batch);
    System.arraycopy(pass.kl(), 0, scores.kl(), 0, batch);
    System.arraycopy(latent.heapValues(), 0, scores.latent(), 0, scores.latent().length);
  }

  @Override
  public void reconstruct(float[] mean) {
    pass.begin(Pass.Kind.SCORE, staging, batch, new TrainingStep(0, 0, 0));
    pass.keepMeans(mean);
    forward();
  }

  private void forward() {
    input.storeValues();
    steps.forEach(each -> each.forward(pass));
  }

  private ElboTerms terms() {
    return new ElboTerms(pass.sum(pass.reconstruction()), pass.sum(pass.kl()));
  }

  @Override
  public float[] parameters() {
    var copy = new float[size];
    parameters.get(copy);
    return copy;
  }

  @Override
  public void setParameters(float[] values) {
    parameters.put(values, 0, size);
    steps.forEach(step -> step.parametersChanged(pass));
  }

  @Override
  public float[] updaterState() {
    return rule == null ? new float[0] : rule.state();
  }

  @Override
  public void setUpdaterState(float[] state) {
    if (rule != null) {
      rule.setState(state);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
