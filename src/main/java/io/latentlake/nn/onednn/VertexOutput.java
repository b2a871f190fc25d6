package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * What a vertex gives, {@code [batch, width]}, and in training the gradient with respect to it:
 * native for oneDNN, with copies on the heap for the arithmetic that Java does as well.
 */
final class VertexOutput {
  private final int batch;
  private final int width;
  private final FloatPointer values;
  private final FloatPointer gradients;
  private final memory value;
  private final memory gradient;
  private float[] heapValues;
  private float[] heapGradients;
  private boolean summedOnHeap;

  /**
   * Allocates.
   *
   * @param trained whether it needs a gradient
   */
  VertexOutput(Arena arena, int batch, int width, boolean trained) {
    this.batch = batch;
    this.width = width;
    int size = Math.multiplyExact(batch, width);
    values = arena.floats(size);
    value = arena.at(arena.describe(batch, width), values);
    gradients = trained ? arena.floats(size) : null;
    gradient = trained ? arena.at(arena.describe(batch, width), gradients) : null;
  }

  int batch() {
    return batch;
  }

  int width() {
    return width;
  }

  boolean isTrained() {
    return gradient != null;
  }

  memory value() {
    return value;
  }

  memory gradient() {
    return gradient;
  }

  /** The heap's copy of the values, as of the last transfer. */
  float[] heapValues() {
    if (heapValues == null) {
      heapValues = new float[batch * width];
    }
    return heapValues;
  }

  /** The heap's copy of the gradients. */
  float[] heapGradients() {
    if (heapGradients == null) {
      heapGradients = new float[batch * width];
    }
    return heapGradients;
  }

  /** Copies the values to the heap. */
  float[] fetchValues() {
    values.get(heapValues());
    return heapValues;
  }

  /** Copies the heap's values to native memory. */
  void storeValues() {
    values.put(heapValues());
  }

  /** Copies the gradients to the heap. */
  float[] fetchGradients() {
    gradients.get(heapGradients());
    return heapGradients;
  }

  /** Copies the heap's gradients to native memory. */
  void storeGradients() {
    gradients.put(heapGradients());
  }

  /** Copies some rows of the values to the front of an array. */
  void fetchValues(int firstRow, int rows, float[] target) {
    values.position((long) firstRow * width).get(target, 0, rows * width);
    values.position(0);
  }

  /** Copies the front of an array to some rows of the values. */
  void storeValues(int firstRow, int rows, float[] source) {
    values.position((long) firstRow * width).put(source, 0, rows * width);
    values.position(0);
  }

  /** Copies the front of an array to some rows of the gradients. */
  void storeGradients(int firstRow, int rows, float[] source) {
    gradients.position((long) firstRow * width).put(source, 0, rows * width);
    gradients.position(0);
  }

  /** Several vertices read this output: each adds its part to the heap's gradients. */
  void sumGradientsOnHeap() {
    summedOnHeap = true;
  }

  /** Whether the heap's gradients are a sum that starts from zero in each training pass. */
  boolean sumsGradientsOnHeap() {
    return summedOnHeap;
  }
}
