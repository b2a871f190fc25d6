package io.latentlake.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A variational autoencoder as a DL4J graph whose vertices carry the names below, with the passes
 * that training, scoring and generation need. Not safe for use by two threads at once; {@link
 * #close()} frees its native memory.
 */
public final class VaeNetwork implements AutoCloseable {
  /** The data, {@code [batch, features]}. */
  public static final String INPUT = "input";

  /** q(z|x): μ, then log σ², {@code [batch, 2·latent]}. */
  public static final String POSTERIOR = "posterior";

  /** z, {@code [batch, latent]}. */
  public static final String LATENT = "latent";

  /** What the likelihood is parameterized by, {@code [batch, outputs]}. */
  public static final String OUTPUT = "output";

  /** The graph's first output: −log p(x|z). */
  public static final String RECONSTRUCTION = "reconstruction";

  /** The graph's second output: the penalty. */
  public static final String KL = "kl";

  private static final String WORKSPACE = "LATENTLAKE_PASS";
  private static final WorkspaceConfiguration WORKSPACE_CONFIGURATION =
      WorkspaceConfiguration.builder()
          .initialSize(0)
          .overallocationLimit(0.02)
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyReset(ResetPolicy.BLOCK_LEFT)
          .policySpill(SpillPolicy.REALLOCATE)
          .build();

  private final ComputationGraph graph;
  private final Likelihood likelihood;
  private final RowLoss kl;
  private final LayerWorkspaceMgr workspaces =
      LayerWorkspaceMgr.builder().defaultWorkspace(WORKSPACE, WORKSPACE_CONFIGURATION).build();

  /** Wraps an initialized graph that has the vertices named above. */
  public VaeNetwork(ComputationGraph graph) {
    this.graph = graph;
    this.likelihood = (Likelihood) loss(graph, RECONSTRUCTION);
    this.kl = (RowLoss) loss(graph, KL);
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

  /** The penalty on the posterior. */
  public RowLoss kl() {
    return kl;
  }

  /** Dimension of z. */
  public int latent() {
    return vertex().latent();
  }

  /**
   * One training step: forward, backward, update.
   *
   * @param x {@code [batch, features]}
   * @param noiseSeed decides ε
   * @return −ELBO's parts before the update, mean over the rows
   */
  public ElboTerms train(INDArray x, long noiseSeed) {
    setNoiseSeed(noiseSeed);
    // The penalty doesn't look at its labels, but DL4J wants some.
    graph.fit(new INDArray[] {x}, new INDArray[] {x, x});
    return lastLoss();
  }

  /** Makes the next training pass draw the ε that belongs to this seed. */
  public void setNoiseSeed(long seed) {
    vertex().setNoiseSeed(seed);
  }

  /** −ELBO's parts in the last training pass, mean over its rows. */
  public ElboTerms lastLoss() {
    return new ElboTerms(score(RECONSTRUCTION), score(KL));
  }

  /**
   * −ELBO with one z sampled a row.
   *
   * @param x {@code [batch, features]}
   * @param noiseSeed decides ε
   * @return its parts, summed over the rows
   */
  public ElboTerms loss(INDArray x, long noiseSeed) {
    try (MemoryWorkspace scope = scope()) {
      INDArray posterior = encode(x);
      INDArray deviation = GaussianPosterior.deviation(posterior, noiseSeed);
      INDArray output = decode(deviation.addi(GaussianPosterior.mean(posterior)));
      return new ElboTerms(
          likelihood.rows(output, x).sumNumber().doubleValue(),
          kl.rows(posterior, x).sumNumber().doubleValue());
    }
  }

  /**
   * Everything that is computed until the scope closes lies in one reused block of native memory.
   * {@link #encode} and {@link #decode} need one to be open, and their results end with it.
   */
  public MemoryWorkspace scope() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE_CONFIGURATION, WORKSPACE);
  }

  /** x, {@code [batch, features]}, to μ and log σ², {@code [batch, 2·latent]}. */
  public INDArray encode(INDArray x) {
    return pass(INPUT, x, POSTERIOR);
  }

  /** z, {@code [batch, latent]}, to the likelihood's parameters, {@code [batch, outputs]}. */
  public INDArray decode(INDArray z) {
    return pass(LATENT, z, OUTPUT);
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

  /** Runs the vertices between two names, the first of which has the given value. */
  private INDArray pass(String from, INDArray value, String to) {
    Map<String, INDArray> activations = new HashMap<>(Map.of(from, value));
    GraphVertex[] vertices = graph.getVertices();
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = vertices[index];
      List<String> inputs = graph.getConfiguration().getVertexInputs().get(vertex.getVertexName());
      if (inputs == null || vertex.isOutputVertex() || !activations.keySet().containsAll(inputs)) {
        continue;
      }
      for (int i = 0; i < inputs.size(); i++) {
        vertex.setInput(i, activations.get(inputs.get(i)), workspaces);
      }
      activations.putIfAbsent(vertex.getVertexName(), vertex.doForward(false, workspaces));
      vertex.clear();
      if (vertex.getVertexName().equals(to)) {
        return activations.get(to);
      }
    }
    throw new IllegalStateException("no way from " + from + " to " + to);
  }

  private ReparameterizationVertex vertex() {
    return (ReparameterizationVertex) graph.getVertex(LATENT);
  }

  private double score(String output) {
    return graph.getLayer(output).score();
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
