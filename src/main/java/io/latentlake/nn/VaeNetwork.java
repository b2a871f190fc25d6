package io.latentlake.nn;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A variational autoencoder as a DL4J graph whose vertices carry the names below, with the passes
 * that training, scoring and generation need. Not safe for use by two threads at once; {@link
 * #close()} frees its native memory.
 */
public final class VaeNetwork implements AutoCloseable {
  /** The rows: features, and behind them a condition, {@code [batch, features + condition]}. */
  public static final String INPUT = "input";

  /** q(z|x): μ, then log σ², {@code [batch, 2·latent]}. */
  public static final String POSTERIOR = "posterior";

  /** z, {@code [batch, latent]}. */
  public static final String LATENT = "latent";

  /** Where there is a condition: the {@link Columns} that it is, {@code [batch, condition]}. */
  public static final String CONDITION = "condition";

  /** What the likelihood is parameterized by, {@code [batch, outputs]}. */
  public static final String OUTPUT = "output";

  /** The graph's first output: −log p(x|z). */
  public static final String RECONSTRUCTION = "reconstruction";

  /** The graph's second output, where q(z|x) is a distribution: KL(q(z|x) ‖ p(z)). */
  public static final String KL = "kl";

  /** The output of an adversarial graph's discriminator. */
  public static final String ADVERSARY = "adversary";

  private final ComputationGraph graph;
  private final LatentVertex latent;
  private final Columns condition;
  private final Likelihood likelihood;
  private final RowLoss kl;
  private final PartialPass pass;

  /** Wraps an initialized graph that has the vertices named above. */
  public VaeNetwork(ComputationGraph graph) {
    this.graph = graph;
    this.pass = new PartialPass(graph);
    this.latent = (LatentVertex) graph.getConfiguration().getVertices().get(LATENT);
    this.condition = (Columns) graph.getConfiguration().getVertices().get(CONDITION);
    ILossFunction reconstruction = loss(graph, RECONSTRUCTION);
    this.likelihood =
        reconstruction instanceof ImportanceWeightedBound bound
            ? bound.getLikelihood()
            : (Likelihood) reconstruction;
    this.kl = has(KL) ? (RowLoss) loss(graph, KL) : new NoPenalty();
  }

  private boolean has(String output) {
    return graph.getConfiguration().getNetworkOutputs().contains(output);
  }

  private static ILossFunction loss(ComputationGraph graph, String output) {
    return ((LossLayer) graph.getLayer(output).conf().getLayer()).getLossFn();
  }

  /** The DL4J graph itself. */
  public ComputationGraph graph() {
    return graph;
  }

  public Likelihood likelihood() {
    return likelihood;
  }

  /** How what the encoder gives describes z. */
  public LatentVertex posterior() {
    return latent;
  }

  /** Width of z. */
  public int latent() {
    return latent.getLatent();
  }

  /**
   * p(z): the penalty's, or the one that an adversary holds z to; N(0, I) where there is neither.
   */
  public Prior prior() {
    if (kl instanceof CategoricalKl categorical) {
      return new CategoricalPrior(categorical.getCategories());
    }
    if (!(kl instanceof MixtureKl mixture)) {
      return new StandardNormalPrior();
    }
    try (INDArray any = Nd4j.create(1, features());
        MemoryWorkspace scope = scope()) {
      INDArray stacked = pass.forward(Map.of(INPUT, any), penalized()).get(penalized());
      long components = mixture.getComponents();
      return GaussianMixture.of(
          stacked.get(
              NDArrayIndex.interval(stacked.size(0) - components, stacked.size(0)),
              NDArrayIndex.all()));
    }
  }

  /** Width of the data. */
  private long features() {
    return graph.getConfiguration().getVertexInputs().entrySet().stream()
        .filter(vertex -> vertex.getValue().equals(List.of(INPUT)))
        .map(vertex -> graph.getConfiguration().getVertices().get(vertex.getKey()))
        .mapToLong(VaeNetwork::inputWidth)
        .findFirst()
        .orElseThrow();
  }

  /** Width of the rows that a vertex reads. */
  private static long inputWidth(org.deeplearning4j.nn.conf.graph.GraphVertex reader) {
    if (reader instanceof EncoderView view) {
      return view.getColumns();
    }
    return reader instanceof ReshapeVertex image
        ? Arrays.stream(image.getNewShape()).skip(1).asLongStream().reduce(1, Math::multiplyExact)
        : ((FeedForwardLayer) ((LayerVertex) reader).getLayerConf().getLayer()).getNIn();
  }

  /** One training step on rows that the network is to give as it sees them. */
  public ElboTerms train(INDArray x, long noiseSeed) {
    return train(x, x, noiseSeed);
  }

  /**
   * One training step: forward, backward, update.
   *
   * @param x what the encoder sees, {@code [batch, features + condition]}
   * @param target what the likelihood is measured at, likewise; usually x itself
   * @param noiseSeed decides ε
   * @return −ELBO's parts before the update, mean over the rows
   */
  public ElboTerms train(INDArray x, INDArray target, long noiseSeed) {
    setNoiseSeed(noiseSeed);
    // The penalty doesn't look at its labels, but DL4J wants some.
    var labels = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(labels, target);
    graph.fit(new INDArray[] {x}, labels);
    return lastLoss();
  }

  /** Makes the next training pass draw the noise that belongs to this seed. */
  public void setNoiseSeed(long seed) {
    for (GraphVertex vertex : graph.getVertices()) {
      if (vertex instanceof FunctionVertexRuntime function) {
        function.setNoiseSeed(seed);
      }
    }
  }

  /** −ELBO's parts in the last training pass, mean over its rows. */
  public ElboTerms lastLoss() {
    return new ElboTerms(score(RECONSTRUCTION), score(KL), score(ADVERSARY));
  }

  /**
   * −ELBO with one z sampled a row.
   *
   * @param x {@code [batch, features + condition]}
   * @param noiseSeed decides ε
   * @return its parts, summed over the rows
   */
  public ElboTerms loss(INDArray x, long noiseSeed) {
    try (MemoryWorkspace scope = scope()) {
      Map<String, INDArray> encoded = pass.forward(Map.of(INPUT, x), POSTERIOR, penalized());
      INDArray z = latent.sample(encoded.get(POSTERIOR), noiseSeed);
      return new ElboTerms(
          likelihood.rows(decode(z, condition(x)), x).sumNumber().doubleValue(),
          kl.rows(encoded.get(penalized()), x).sumNumber().doubleValue());
    }
  }

  /**
   * The penalty at q(z|x), whatever stands between the two in the graph.
   *
   * @param x {@code [batch, features + condition]}
   * @return {@code [batch]}, nats
   */
  public INDArray penalty(INDArray x) {
    return kl.rows(pass.forward(Map.of(INPUT, x), penalized()).get(penalized()), x);
  }

  /**
   * KL(q(z|x) ‖ N(0, I)) of each latent dimension, where q(z|x) is Gaussian.
   *
   * @param x {@code [batch, features]}
   * @return {@code [batch, latent]}, nats; empty for another q(z|x)
   */
  public Optional<INDArray> divergences(INDArray x) {
    return latent instanceof Reparameterization
        ? Optional.of(StandardNormalKl.byDimension(encode(x)))
        : Optional.empty();
  }

  /** The vertex whose output the penalty is computed of. */
  private String penalized() {
    return has(KL) ? pass.inputs(KL).get(0) : POSTERIOR;
  }

  /**
   * Everything that is computed until the scope closes lies in one reused block of native memory.
   * {@link #encode} and {@link #decode} need one to be open, and their results end with it.
   */
  public MemoryWorkspace scope() {
    return pass.scope();
  }

  /** x, {@code [batch, features + condition]}, to μ and log σ², {@code [batch, 2·latent]}. */
  public INDArray encode(INDArray x) {
    return pass.forward(Map.of(INPUT, x), POSTERIOR).get(POSTERIOR);
  }

  /**
   * z, {@code [batch, latent]}, to the likelihood's parameters, {@code [batch, outputs]}.
   *
   * @throws InvalidInputException when the decoder wants a condition as well
   */
  public INDArray decode(INDArray z) {
    return decode(z, Nd4j.empty(z.dataType()));
  }

  /**
   * z beside a condition to the likelihood's parameters, {@code [batch, outputs]}.
   *
   * @param z {@code [batch, latent]}
   * @param given {@code [batch, condition]}; empty where the network has none
   * @throws InvalidInputException when the condition is missing or of another width
   */
  public INDArray decode(INDArray z, INDArray given) {
    long width = given.isEmpty() ? 0 : given.size(1);
    if (width != conditionWidth()) {
      throw new InvalidInputException(
          "a condition of %d numbers: the model's decoder takes %d"
              .formatted(width, conditionWidth()));
    }
    return pass.forward(
            width == 0 ? Map.of(LATENT, z) : Map.of(LATENT, z, CONDITION, given), OUTPUT)
        .get(OUTPUT);
  }

  /** How many numbers the condition has; 0 where the network has none. */
  public int conditionWidth() {
    return condition == null ? 0 : condition.getTo() - condition.getFrom();
  }

  /** The condition of rows, {@code [batch, condition]}; empty where the network has none. */
  public INDArray condition(INDArray x) {
    return condition == null ? Nd4j.empty(x.dataType()) : condition.of(x);
  }

  /** The features of rows, {@code [batch, features]}. */
  public INDArray features(INDArray x) {
    return condition == null
        ? x
        : x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, condition.getFrom()));
  }

  /** Runs parts of the graph. */
  PartialPass pass() {
    return pass;
  }

  /** A copy of all weights, in DL4J's flattened order. */
  public float[] parameters() {
    return graph.params().toFloatVector();
  }

  /** Takes over weights as {@link #parameters()} gave them. */
  public void setParameters(float[] parameters) {
    assign(graph.params(), parameters);
  }

  /** A copy of the updater's state (Adam's moments, say); empty where it has none. */
  public float[] updaterState() {
    INDArray state = graph.getUpdater().getStateViewArray();
    return state == null ? new float[0] : state.toFloatVector();
  }

  /** Takes over a state as {@link #updaterState()} gave it. */
  public void setUpdaterState(float[] state) {
    if (state.length > 0) {
      assign(graph.getUpdater().getStateViewArray(), state);
    }
  }

  /** Makes the next step the given one, counted from 0: Adam corrects its bias by it. */
  public void setIteration(int iteration) {
    graph.getConfiguration().setIterationCount(iteration);
  }

  private static void assign(INDArray target, float[] values) {
    try (INDArray source = Nd4j.createFromArray(values)) {
      target.assign(source.reshape(target.shape()));
    }
  }

  private double score(String output) {
    return has(output) ? graph.getLayer(output).score() : 0;
  }

  /** Frees the graph's arrays, and the workspaces it used on this thread. */
  @Override
  public void close() {
    // Not ComputationGraph.close(), which also runs the garbage collector, each time.
    INDArray state =
        graph.getUpdater(false) == null ? null : graph.getUpdater().getStateViewArray();
    // And not INDArray.close(): graph.params() is a view, which lies in the buffer to be freed.
    Stream.of(graph.params(), graph.getFlattenedGradients(), state)
        .filter(array -> array != null && !array.isEmpty())
        .map(array -> Objects.requireNonNullElse(array.data().originalDataBuffer(), array.data()))
        .filter(DataBuffer::closeable)
        .forEach(DataBuffer::close);
    releaseThread();
  }

  /**
   * Frees the workspaces of this thread, whoever used them. For the end of a task: Spark's next one
   * may run on another thread, which would never reuse them.
   */
  public static void releaseThread() {
    // Not destroyAllWorkspacesForCurrentThread(), which runs the garbage collector as well.
    MemoryWorkspaceManager manager = Nd4j.getWorkspaceManager();
    manager.getAllWorkspacesForCurrentThread().forEach(manager::destroyWorkspace);
  }
}
