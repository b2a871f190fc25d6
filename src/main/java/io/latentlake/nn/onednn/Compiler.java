package io.latentlake.nn.onednn;

import io.latentlake.nn.Beside;
import io.latentlake.nn.Columns;
import io.latentlake.nn.DeterministicLatent;
import io.latentlake.nn.EncoderView;
import io.latentlake.nn.Likelihood;
import io.latentlake.nn.LikelihoodOfFeatures;
import io.latentlake.nn.PenaltyWeight;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.RowMajorDense;
import io.latentlake.nn.SharedOutputs;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.TrimmedLikelihood;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.PenaltySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Turns a graph's configuration into steps, vertex by vertex, in DL4J's topological order. */
final class Compiler {
  private final ComputationGraphConfiguration configuration;
  private final Arena arena;
  private final FloatPointer parameters;
  private final FloatPointer gradients;
  private final memory.data_type type;
  private final Map<String, VertexOutput> outputs = new HashMap<>();
  private final Map<VertexOutput, PosteriorStep> posteriors = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private long offset;

  /**
   * A compiler for one network.
   *
   * @param parameters the flattened weights
   * @param gradients their gradients; null compiles for scoring alone
   * @param type that products are computed in where it is for scoring
   */
  Compiler(
      ComputationGraphConfiguration configuration,
      Arena arena,
      FloatPointer parameters,
      FloatPointer gradients,
      memory.data_type type) {
    this.configuration = configuration;
    this.arena = arena;
    this.parameters = parameters;
    this.gradients = gradients;
    this.type = type;
  }

  /** Whether there is a step for every vertex of the graph. */
  static boolean knows(ComputationGraphConfiguration configuration) {
    return configuration.getVertices().values().stream().allMatch(Compiler::knows)
        && configuration.getVertices().entrySet().stream()
            .filter(
                vertex ->
                    vertex.getValue() instanceof Columns
                        || vertex.getValue() instanceof EncoderView)
            .map(vertex -> configuration.getVertexInputs().get(vertex.getKey()))
            .allMatch(List.of(VaeNetwork.INPUT)::equals);
  }

  private static boolean knows(GraphVertex vertex) {
    Layer layer = layer(vertex);
    if (vertex instanceof Reparameterization
        || vertex instanceof DeterministicLatent
        || vertex instanceof Columns
        || vertex instanceof Beside
        || vertex instanceof EncoderView
        || layer instanceof SharedOutputs
        || (vertex instanceof PenaltyWeight weight
            && weight.getPenalty() instanceof StandardNormalKl)) {
      return true;
    }
    if (layer instanceof RowMajorDense dense) {
      return Nonlinearity.of(dense.getActivationFn()).isPresent();
    }
    ILossFunction loss = layer instanceof LossLayer last ? last.getLossFn() : null;
    return loss instanceof StandardNormalKl
        || (loss instanceof Likelihood likelihood && knows(core(likelihood)));
  }

  /** A likelihood without what is around it. */
  private static Likelihood core(Likelihood likelihood) {
    if (likelihood instanceof TrimmedLikelihood trimmed) {
      return core(trimmed.getLikelihood());
    }
    return likelihood instanceof LikelihoodOfFeatures part ? part.getLikelihood() : likelihood;
  }

  private static boolean knows(Likelihood likelihood) {
    return LikelihoodStep.knows(likelihood) || GroupedLikelihoodStep.knows(likelihood);
  }

  private static Layer layer(GraphVertex vertex) {
    return vertex instanceof LayerVertex holder ? holder.getLayerConf().getLayer() : null;
  }

  /** The steps in the order of a forward pass, for a network that {@link #knows}. */
  List<Step> steps(int batch, int width) {
    outputs.put(VaeNetwork.INPUT, new VertexOutput(arena, batch, width, false));
    var indices = new ComputationGraph(configuration).calculateIndices();
    for (int index : indices.getTopologicalSortOrder()) {
      String name = indices.getIdxToName().get(index);
      GraphVertex vertex = configuration.getVertices().get(name);
      if (vertex != null) {
        compile(name, vertex);
      }
    }
    return List.copyOf(steps);
  }

  /** What a vertex gives; after {@link #steps}. */
  VertexOutput output(String vertex) {
    return outputs.get(vertex);
  }

  private void compile(String name, GraphVertex vertex) {
    String from = configuration.getVertexInputs().get(name).get(0);
    VertexOutput input = outputs.get(from);
    boolean training = gradients != null;
    if (vertex instanceof Reparameterization sampling) {
      var latent = new VertexOutput(arena, input.batch(), sampling.getLatent(), training);
      outputs.put(name, latent);
      steps.add(new ReparameterizationStep(posterior(input), latent));
    } else if (vertex instanceof DeterministicLatent) {
      outputs.put(name, input);
      steps.add(new FetchStep(input));
    } else if (vertex instanceof PenaltyWeight) {
      outputs.put(name, input);
    } else if (vertex instanceof Columns columns) {
      int width = columns.getTo() - columns.getFrom();
      outputs.put(name, new VertexOutput(arena, input.batch(), width, false));
      steps.add(new ColumnsStep(input, outputs.get(name), columns.getFrom()));
    } else if (vertex instanceof EncoderView) {
      outputs.put(name, new VertexOutput(arena, input.batch(), input.width(), false));
      steps.add(new EncoderViewStep(input, outputs.get(name)));
    } else if (vertex instanceof Beside) {
      List<VertexOutput> parts = inputs(name);
      int width = parts.stream().mapToInt(VertexOutput::width).sum();
      outputs.put(name, new VertexOutput(arena, input.batch(), width, training));
      steps.add(new BesideStep(parts, outputs.get(name)));
    } else if (layer(vertex) instanceof RowMajorDense layer) {
      var output =
          new VertexOutput(arena, input.batch(), Math.toIntExact(layer.getNOut()), training);
      outputs.put(name, output);
      steps.add(dense(layer, input, output));
      offset += vertex.numParams(true);
    } else if (layer(vertex) instanceof SharedOutputs layer) {
      var output =
          new VertexOutput(arena, input.batch(), Math.toIntExact(layer.getNOut()), training);
      outputs.put(name, output);
      steps.add(new SharedOutputsStep(input, output, parameters, gradients, offset));
      offset += vertex.numParams(true);
    } else {
      ILossFunction loss = ((LossLayer) layer(vertex)).getLossFn();
      steps.add(
          loss instanceof StandardNormalKl kl
              ? penalty(kl, configuration.getVertices().get(from), input)
              : likelihood((Likelihood) loss, input));
    }
  }

  private List<VertexOutput> inputs(String vertex) {
    return configuration.getVertexInputs().get(vertex).stream().map(outputs::get).toList();
  }

  private Step likelihood(Likelihood likelihood, VertexOutput output) {
    double trim = likelihood instanceof TrimmedLikelihood trimmed ? trimmed.getShare() : 0;
    Likelihood whole =
        likelihood instanceof TrimmedLikelihood trimmed ? trimmed.getLikelihood() : likelihood;
    int features =
        whole instanceof LikelihoodOfFeatures part
            ? part.getFeatures()
            : output(VaeNetwork.INPUT).width();
    Likelihood core = core(whole);
    return LikelihoodStep.knows(core)
        ? LikelihoodStep.of(arena, core, output, features).trimming(trim)
        : new GroupedLikelihoodStep(core, output, features, trim);
  }

  private Step dense(RowMajorDense layer, VertexOutput input, VertexOutput output) {
    Nonlinearity activation = Nonlinearity.of(layer.getActivationFn()).orElseThrow();
    var dense = new Dense(input.width(), output.width(), offset, activation);
    return gradients == null
        ? new PackedDenseStep(arena, dense, input, output, parameters, type)
        : new DenseStep(arena, dense, input, output, parameters, gradients);
  }

  private Step penalty(StandardNormalKl kl, GraphVertex before, VertexOutput posterior) {
    PenaltySpec spec = before instanceof PenaltyWeight weight ? weight.spec() : PenaltySpec.ELBO;
    return new KlStep(posterior(posterior), spec, kl.getFreeBits());
  }

  /** The step that its readers share: in front of the first of them. */
  private PosteriorStep posterior(VertexOutput output) {
    return posteriors.computeIfAbsent(
        output,
        each -> {
          var step = new PosteriorStep(arena, each);
          steps.add(step);
          return step;
        });
  }
}
