package io.latentlake.nn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs the part of a graph that leads from some vertices to others: only an encoder, say. */
final class PartialPass {
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
  private final LayerWorkspaceMgr workspaces =
      LayerWorkspaceMgr.builder().defaultWorkspace(WORKSPACE, WORKSPACE_CONFIGURATION).build();

  /** Passes through a graph, which stays the caller's. */
  PartialPass(ComputationGraph graph) {
    this.graph = graph;
  }

  /** What is computed until it closes lies in one reused block of native memory. */
  MemoryWorkspace scope() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE_CONFIGURATION, WORKSPACE);
  }

  /** Where layers are to put their arrays. */
  LayerWorkspaceMgr workspaces() {
    return workspaces;
  }

  /**
   * Runs the vertices that some depend on, without training.
   *
   * @param given values by vertex
   * @return the given ones, those wanted and what was needed on the way
   */
  Map<String, INDArray> forward(Map<String, INDArray> given, String... wanted) {
    Map<String, INDArray> activations = new HashMap<>(given);
    for (GraphVertex vertex : path(given.keySet(), wanted)) {
      setInputs(vertex, activations);
      activations.put(vertex.getVertexName(), vertex.doForward(false, workspaces));
      vertex.clear();
    }
    return activations;
  }

  /** The vertices that some depend on, given others, in the order of a forward pass. */
  List<GraphVertex> path(Set<String> given, String... wanted) {
    Set<String> needed = new HashSet<>();
    List.of(wanted).forEach(name -> addNeeded(name, given, needed));
    return Arrays.stream(graph.topologicalSortOrder())
        .mapToObj(index -> graph.getVertices()[index])
        .filter(vertex -> needed.contains(vertex.getVertexName()))
        .toList();
  }

  private void addNeeded(String name, Set<String> given, Set<String> needed) {
    if (!given.contains(name) && needed.add(name)) {
      inputs(name).forEach(input -> addNeeded(input, given, needed));
    }
  }

  /** Gives a vertex what the vertices before it gave. */
  void setInputs(GraphVertex vertex, Map<String, INDArray> activations) {
    List<String> inputs = inputs(vertex.getVertexName());
    for (int i = 0; i < inputs.size(); i++) {
      vertex.setInput(i, activations.get(inputs.get(i)), workspaces);
    }
  }

  /** The vertices that one reads. */
  List<String> inputs(String vertex) {
    return graph.getConfiguration().getVertexInputs().get(vertex);
  }
}
