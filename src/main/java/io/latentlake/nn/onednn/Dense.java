package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Where a dense layer's parameters lie in the flattened vector, DL4J's order: the weights, a
 * column-major {@code [in, out]}, which is the same memory as a row-major {@code [out, in]}, then
 * the biases.
 *
 * @param in units before it
 * @param out units of it
 * @param offset of its first weight
 * @param activation applied to its result
 */
record Dense(int in, int out, long offset, Nonlinearity activation) {

  /** The weights in a flattened vector, as oneDNN's inner product sees them: {@code [out, in]}. */
  memory weights(Arena arena, FloatPointer vector) {
    return arena.at(arena.describe(out, in), at(arena, vector, offset));
  }

  /** The same weights as a matrix product's right side: {@code [in, out]}. */
  memory rightSide(Arena arena, FloatPointer vector) {
    memory.desc transposed = arena.describe(memory.data_type.f32, memory.format_tag.ba, in, out);
    return arena.at(transposed, at(arena, vector, offset));
  }

  /** The biases, {@code [out]}. */
  memory biases(Arena arena, FloatPointer vector) {
    memory.desc shape = arena.describe(memory.data_type.f32, memory.format_tag.a, out);
    return arena.at(shape, at(arena, vector, offset + (long) in * out));
  }

  /** The biases as one row, {@code [1, out]}. */
  memory biasRow(Arena arena, FloatPointer vector) {
    return arena.at(arena.describe(1, out), at(arena, vector, offset + (long) in * out));
  }

  private static FloatPointer at(Arena arena, FloatPointer vector, long offset) {
    return arena.own(vector.getPointer(offset));
  }
}
