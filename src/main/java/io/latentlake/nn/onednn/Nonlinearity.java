package io.latentlake.nn.onednn;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;

/** An activation function, as oneDNN computes it. */
enum Nonlinearity {
  IDENTITY(Activation.IDENTITY, null, null, 0),
  RELU(
      Activation.RELU, dnnl.algorithm.eltwise_relu, dnnl.algorithm.eltwise_relu_use_dst_for_bwd, 0),
  ELU(Activation.ELU, dnnl.algorithm.eltwise_elu, dnnl.algorithm.eltwise_elu_use_dst_for_bwd, 1),
  TANH(
      Activation.TANH, dnnl.algorithm.eltwise_tanh, dnnl.algorithm.eltwise_tanh_use_dst_for_bwd, 0),
  SWISH(Activation.SWISH, dnnl.algorithm.eltwise_swish, dnnl.algorithm.eltwise_swish, 1);

  private final IActivation function;
  private final dnnl.algorithm forward;
  private final dnnl.algorithm backward;
  private final float alpha;

  Nonlinearity(
      Activation activation, dnnl.algorithm forward, dnnl.algorithm backward, float alpha) {
    this.function = activation.getActivationFunction();
    this.forward = forward;
    this.backward = backward;
    this.alpha = alpha;
  }

  /** DL4J's function, where oneDNN has it with the same settings. */
  static Optional<Nonlinearity> of(IActivation activation) {
    return Arrays.stream(values()).filter(each -> each.function.equals(activation)).findFirst();
  }

  /** Whether its gradient follows from its result alone, so that its input may be overwritten. */
  boolean isInvertible() {
    return forward != backward || this == IDENTITY;
  }

  /** Lets a product apply this function before it writes its result. */
  void fuseInto(Arena arena, primitive_attr product) {
    if (this != IDENTITY) {
      post_ops chain = arena.own(new post_ops());
      chain.append_eltwise(1, forward, alpha, 0);
      product.set_post_ops(chain);
    }
  }

  /** result = f(input). */
  Call forward(Arena arena, memory input, memory result) {
    return elementwise(arena, forward, alpha, input, result);
  }

  /** result = f(input), element by element. */
  static Call elementwise(
      Arena arena, dnnl.algorithm function, float alpha, memory input, memory result) {
    eltwise_forward.primitive_desc description =
        description(arena, function, alpha, arena.own(input.get_desc()));
    return arena.call(
        description,
        new eltwise_forward(description),
        dnnl.DNNL_ARG_SRC,
        input,
        dnnl.DNNL_ARG_DST,
        result);
  }

  private static eltwise_forward.primitive_desc description(
      Arena arena, dnnl.algorithm function, float alpha, memory.desc shape) {
    var operation =
        arena.own(
            new eltwise_forward.desc(dnnl.prop_kind.forward_training, function, shape, alpha, 0));
    return new eltwise_forward.primitive_desc(operation, arena.attributes(), OneDnn.engine());
  }

  /**
   * gradient ⊙= f′, in place.
   *
   * @param reference the result where {@link #isInvertible()}, the input elsewhere
   */
  Call backward(Arena arena, memory reference, memory gradient) {
    memory.desc shape = arena.own(reference.get_desc());
    var hint = arena.own(description(arena, backward, alpha, shape));
    var operation = arena.own(new eltwise_backward.desc(backward, shape, shape, alpha, 0));
    var description =
        new eltwise_backward.primitive_desc(operation, arena.attributes(), OneDnn.engine(), hint);
    return arena.call(
        description,
        new eltwise_backward(description),
        isInvertible() ? dnnl.DNNL_ARG_DST : dnnl.DNNL_ARG_SRC,
        reference,
        dnnl.DNNL_ARG_DIFF_DST,
        gradient,
        dnnl.DNNL_ARG_DIFF_SRC,
        gradient);
  }
}
