package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A dense layer in scoring: its weights stay the same, so they are laid out once as oneDNN's
 * fastest kernel wants them, in single precision or in bfloat16 (products in bfloat16, sums in
 * single precision).
 */
final class PackedDenseStep implements Step {
  private final Call packing;
  private final Call rounding;
  private final Call product;

  /**
   * Packs and multiplies.
   *
   * @param type of the weights, and of the input inside the product
   */
  PackedDenseStep(
      Arena arena,
      Dense dense,
      VertexOutput input,
      VertexOutput output,
      FloatPointer parameters,
      memory.data_type type) {
    memory source = input.value();
    if (type == memory.data_type.f32) {
      rounding = null;
    } else {
      source =
          arena.allocate(arena.describe(type, memory.format_tag.ab, input.batch(), input.width()));
      rounding = reorder(arena, input.value(), source);
    }
    memory biases = dense.biases(arena, parameters);
    primitive_attr attributes = arena.attributes();
    dense.activation().fuseInto(arena, attributes);
    memory.desc anyLayout = arena.describe(type, memory.format_tag.any, dense.out(), dense.in());
    var operation =
        arena.own(
            new inner_product_forward.desc(
                dnnl.prop_kind.forward_inference.value,
                arena.own(source.get_desc()),
                anyLayout,
                arena.own(biases.get_desc()),
                arena.own(output.value().get_desc())));
    var description =
        new inner_product_forward.primitive_desc(operation, attributes, OneDnn.engine());
    memory packed = arena.allocate(arena.own(description.weights_desc()));
    packing = reorder(arena, dense.weights(arena, parameters), packed);
    product =
        arena.call(
            description,
            new inner_product_forward(description),
            dnnl.DNNL_ARG_SRC,
            source,
            dnnl.DNNL_ARG_WEIGHTS,
            packed,
            dnnl.DNNL_ARG_BIAS,
            biases,
            dnnl.DNNL_ARG_DST,
            output.value());
  }

  private static Call reorder(Arena arena, memory from, memory to) {
    var description =
        new reorder.primitive_desc(
            OneDnn.engine(),
            arena.own(from.get_desc()),
            OneDnn.engine(),
            arena.own(to.get_desc()),
            arena.attributes(),
            false);
    return arena.call(
        description, new reorder(description), dnnl.DNNL_ARG_FROM, from, dnnl.DNNL_ARG_TO, to);
  }

  @Override
  public void parametersChanged(Pass pass) {
    packing.run(pass.stream());
  }

  @Override
  public void forward(Pass pass) {
    if (rounding != null) {
      rounding.run(pass.stream());
    }
    product.run(pass.stream());
  }

  @Override
  public void backward(Pass pass) {
    throw new IllegalStateException("compiled for scoring alone");
  }
}
