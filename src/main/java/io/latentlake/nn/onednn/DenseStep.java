package io.latentlake.nn.onednn;

import java.util.Arrays;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A dense layer in training: the weights are read and their gradient is written where they lie in
 * the flattened vectors, because they change with every step. Bias and activation ride inside the
 * product.
 */
final class DenseStep implements Step {
  private final int firstParameter;
  private final VertexOutput output;
  private final Call product;
  private final Call activation;
  private final Call activationGradient;
  private final Call weightGradient;
  private final Call inputGradient;

  DenseStep(
      Arena arena,
      Dense dense,
      VertexOutput input,
      VertexOutput output,
      FloatPointer parameters,
      FloatPointer gradients) {
    this.firstParameter = Math.toIntExact(dense.offset());
    this.output = output;
    Nonlinearity function = dense.activation();
    boolean fused = function.isInvertible();
    memory result =
        fused ? output.value() : arena.allocate(arena.describe(output.batch(), dense.out()));
    product = product(arena, dense, input.value(), result, parameters, fused);
    activation = fused ? null : function.forward(arena, result, output.value());
    activationGradient =
        function == Nonlinearity.IDENTITY
            ? null
            : function.backward(arena, fused ? output.value() : result, output.gradient());
    inner_product_forward.primitive_desc hint =
        hint(arena, dense, input.value(), output.value(), parameters);
    weightGradient = weightGradient(arena, dense, input, output, gradients, hint);
    inputGradient =
        input.isTrained() ? inputGradient(arena, dense, input, output, parameters, hint) : null;
  }

  /** f(xW + b). */
  private static Call product(
      Arena arena,
      Dense dense,
      memory input,
      memory result,
      FloatPointer parameters,
      boolean fused) {
    memory weights = dense.rightSide(arena, parameters);
    memory bias = dense.biasRow(arena, parameters);
    primitive_attr attributes = arena.attributes();
    if (fused) {
      dense.activation().fuseInto(arena, attributes);
    }
    var operation =
        arena.own(
            new matmul.desc(
                arena.own(input.get_desc()),
                arena.own(weights.get_desc()),
                arena.own(bias.get_desc()),
                arena.own(result.get_desc())));
    var description = new matmul.primitive_desc(operation, attributes, OneDnn.engine());
    return arena.call(
        description,
        new matmul(description),
        dnnl.DNNL_ARG_SRC,
        input,
        dnnl.DNNL_ARG_WEIGHTS,
        weights,
        dnnl.DNNL_ARG_BIAS,
        bias,
        dnnl.DNNL_ARG_DST,
        result);
  }

  /** The forward product that oneDNN wants to see before it makes the backward ones. */
  private static inner_product_forward.primitive_desc hint(
      Arena arena, Dense dense, memory input, memory result, FloatPointer parameters) {
    var operation =
        arena.own(
            new inner_product_forward.desc(
                dnnl.prop_kind.forward_training.value,
                arena.own(input.get_desc()),
                arena.own(dense.weights(arena, parameters).get_desc()),
                arena.own(dense.biases(arena, parameters).get_desc()),
                arena.own(result.get_desc())));
    return arena.own(
        new inner_product_forward.primitive_desc(operation, arena.attributes(), OneDnn.engine()));
  }

  /** (dW)ᵀ = δᵀx and db = Σ δ. */
  private static Call weightGradient(
      Arena arena,
      Dense dense,
      VertexOutput input,
      VertexOutput output,
      FloatPointer gradients,
      inner_product_forward.primitive_desc hint) {
    memory weights = dense.weights(arena, gradients);
    memory biases = dense.biases(arena, gradients);
    var operation =
        arena.own(
            new inner_product_backward_weights.desc(
                arena.own(input.value().get_desc()),
                arena.own(weights.get_desc()),
                arena.own(biases.get_desc()),
                arena.own(output.gradient().get_desc())));
    var description =
        new inner_product_backward_weights.primitive_desc(
            operation, arena.attributes(), OneDnn.engine(), hint);
    return arena.call(
        description,
        new inner_product_backward_weights(description),
        dnnl.DNNL_ARG_SRC,
        input.value(),
        dnnl.DNNL_ARG_DIFF_DST,
        output.gradient(),
        dnnl.DNNL_ARG_DIFF_WEIGHTS,
        weights,
        dnnl.DNNL_ARG_DIFF_BIAS,
        biases);
  }

  /** dx = δWᵀ. */
  private static Call inputGradient(
      Arena arena,
      Dense dense,
      VertexOutput input,
      VertexOutput output,
      FloatPointer parameters,
      inner_product_forward.primitive_desc hint) {
    memory weights = dense.weights(arena, parameters);
    var operation =
        arena.own(
            new inner_product_backward_data.desc(
                arena.own(input.gradient().get_desc()),
                arena.own(weights.get_desc()),
                arena.own(output.gradient().get_desc())));
    var description =
        new inner_product_backward_data.primitive_desc(
            operation, arena.attributes(), OneDnn.engine(), hint);
    return arena.call(
        description,
        new inner_product_backward_data(description),
        dnnl.DNNL_ARG_WEIGHTS,
        weights,
        dnnl.DNNL_ARG_DIFF_DST,
        output.gradient(),
        dnnl.DNNL_ARG_DIFF_SRC,
        input.gradient());
  }

  @Override
  public void forward(Pass pass) {
    product.run(pass.stream());
    if (activation != null) {
      activation.run(pass.stream());
    }
    if (output.sumsGradientsOnHeap() && pass.kind() == Pass.Kind.TRAIN) {
      Arrays.fill(output.heapGradients(), 0);
    }
  }

  @Override
  public void backward(Pass pass) {
    if (output.sumsGradientsOnHeap()) {
      output.storeGradients();
    }
    if (activationGradient != null) {
      activationGradient.run(pass.stream());
    }
    weightGradient.run(pass.stream());
    if (inputGradient != null) {
      inputGradient.run(pass.stream());
    }
  }

  @Override
  public int firstParameter() {
    return firstParameter;
  }
}
