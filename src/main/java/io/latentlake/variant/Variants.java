package io.latentlake.variant;

import io.latentlake.nn.Device;
import io.latentlake.nn.GraphEngine;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.nn.onednn.OneDnnEngine;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.spec.UpdaterSpec;
import io.latentlake.spec.VaeSpec;
import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** The list of variants, and networks made from it. */
public final class Variants {
  private static final List<Variant> ALL =
      List.of(
          new Autoencoder(),
          new Vae("vae", false),
          new Vae("beta-vae", true),
          new ConditionalVae(),
          new ImportanceWeightedAutoencoder(),
          new DiscreteVae(),
          new AdversarialAutoencoder(),
          new VaeGan());

  private Variants() {}

  /** Every variant. */
  public static List<Variant> all() {
    return ALL;
  }

  /**
   * The variant of that name.
   *
   * @throws InvalidInputException when there is none
   */
  public static Variant named(String name) {
    return ALL.stream()
        .filter(variant -> variant.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "model.variant = %s: must be one of %s"
                        .formatted(
                            name,
                            ALL.stream().map(Variant::name).collect(Collectors.joining(", ")))));
  }

  /** A network that can be trained, its weights drawn from the seed. */
  public static VaeNetwork trainable(VaeSpec spec, RowShape shape, UpdaterSpec updater, long seed) {
    return initialized(trainableGraph(spec, shape, updater, seed));
  }

  /** The graph of a network that can be trained, its weights to be drawn from the seed. */
  public static ComputationGraphConfiguration trainableGraph(
      VaeSpec spec, RowShape shape, UpdaterSpec updater, long seed) {
    return compose(
        spec, shape, new NeuralNetConfiguration.Builder().seed(seed).updater(rule(updater)));
  }

  /**
   * A network for forward passes alone, with the given weights, as {@link VaeNetwork#parameters()}
   * gave them.
   */
  public static VaeNetwork trained(VaeSpec spec, RowShape shape, float[] parameters) {
    VaeNetwork network = initialized(compose(spec, shape, inference()));
    network.setParameters(parameters);
    return network;
  }

  /**
   * The fastest engine that trains a network here; its weights and state are to be set.
   *
   * @param graph with its updater
   * @param width numbers a row
   * @param updater the same, as we name it
   * @param batch rows a batch
   */
  public static VaeEngine trainingEngine(
      ComputationGraphConfiguration graph, int width, UpdaterSpec.Kind updater, int batch) {
    return oneDnnComputes(graph)
        ? OneDnnEngine.training(graph, width, batch, updater)
        : new GraphEngine(initialized(graph), width, batch);
  }

  /**
   * The fastest engine that scores with a network here.
   *
   * @param parameters as {@link VaeNetwork#parameters()} gave them; not kept
   * @param score batch size and precision; where bfloat16 isn't native it is float32
   */
  public static VaeEngine scoringEngine(
      VaeSpec spec, RowShape shape, float[] parameters, ScoreSpec score) {
    ComputationGraphConfiguration configuration = compose(spec, shape, inference());
    VaeEngine engine =
        oneDnnComputes(configuration)
            ? OneDnnEngine.scoring(
                configuration, shape.width(), score.batchSize(), score.precision())
            : new GraphEngine(initialized(configuration), shape.width(), score.batchSize());
    engine.setParameters(parameters);
    return engine;
  }

  /**
   * Whether a row's scores are the same to the bit in a batch of any size. Measured: oneDNN sums a
   * row's products in the same order however many rows there are, what ND4J calls does not.
   */
  public static boolean scoresAlikeInAnyBatch(VaeSpec spec, RowShape shape) {
    return oneDnnComputes(compose(spec, shape, inference()));
  }

  /** Whether oneDNN computes the graph: not where the calling task has a GPU. */
  private static boolean oneDnnComputes(ComputationGraphConfiguration configuration) {
    return !Device.current().isGpu() && OneDnnEngine.runs(configuration);
  }

  /** How many weights a network has; takes no memory for them. */
  public static long parameterCount(VaeSpec spec, RowShape shape) {
    return compose(spec, shape, inference()).getVertices().values().stream()
        .mapToLong(vertex -> vertex.numParams(true))
        .sum();
  }

  /**
   * The graph's configuration, without weights.
   *
   * @throws InvalidInputException when the specification asks for what the variant can't be
   */
  public static ComputationGraphConfiguration compose(
      VaeSpec spec, RowShape shape, NeuralNetConfiguration.Builder base) {
    requireCondition(spec, shape.condition() > 0);
    return named(spec.variant()).compose(new Composition(spec, shape, base));
  }

  /**
   * Checks that there is a condition exactly where the variant wants one.
   *
   * @throws InvalidInputException when it is missing, or is one too many
   */
  public static void requireCondition(VaeSpec spec, boolean given) {
    boolean wanted = named(spec.variant()).isConditional();
    if (wanted && !given) {
      throw new InvalidInputException(
          "model.variant = %s: needs a condition; name its columns with --condition"
              .formatted(spec.variant()));
    }
    if (given && !wanted) {
      throw new InvalidInputException(
          "a condition: model.variant = %s takes none; leave --condition out, or use %s"
              .formatted(
                  spec.variant(),
                  ALL.stream()
                      .filter(Variant::isConditional)
                      .map(Variant::name)
                      .collect(Collectors.joining(" or "))));
    }
  }

  /** A network of a composed graph, with fresh weights, on the calling task's device. */
  public static VaeNetwork initialized(ComputationGraphConfiguration configuration) {
    Device.current().bind();
    var graph = new ComputationGraph(configuration);
    graph.init();
    return new VaeNetwork(graph);
  }

  private static NeuralNetConfiguration.Builder inference() {
    return new NeuralNetConfiguration.Builder().seed(0).updater(new NoOp());
  }

  private static IUpdater rule(UpdaterSpec spec) {
    return switch (spec.kind()) {
      case ADAM -> new Adam(spec.learningRate());
      case RMSPROP -> new RmsProp(spec.learningRate());
      case SGD -> new Sgd(spec.learningRate());
    };
  }
}
