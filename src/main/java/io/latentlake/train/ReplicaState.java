package io.latentlake.train;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * What a round starts from, on every worker. It travels as blocks of bytes: Java's own way with a
 * {@code float[]}, number by number, takes longer than a round's other work.
 */
final class ReplicaState implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK = 1 << 14;

  private transient float[] parameters;
  private transient float[] updaterState;
  private final int iteration;

  /**
   * A state.
   *
   * @param parameters weights in DL4J's flattened order; not copied
   * @param updaterState the updater's, such as Adam's moments; may be empty; not copied
   * @param iteration steps taken so far
   */
  ReplicaState(float[] parameters, float[] updaterState, int iteration) {
    this.parameters = parameters;
    this.updaterState = updaterState;
    this.iteration = iteration;
  }

  float[] parameters() {
    return parameters;
  }

  float[] updaterState() {
    return updaterState;
  }

  int iteration() {
    return iteration;
  }

  /** Bytes of its numbers, as they travel. */
  long bytes() {
    return (long) Float.BYTES * (parameters.length + updaterState.length);
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    write(out, parameters);
    write(out, updaterState);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    parameters = read(in);
    updaterState = read(in);
  }

  private static void write(ObjectOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES);
    for (int at = 0; at < values.length; at += BLOCK) {
      int count = Math.min(BLOCK, values.length - at);
      block.asFloatBuffer().put(values, at, count);
      out.write(block.array(), 0, count * Float.BYTES);
    }
  }

  private static float[] read(ObjectInputStream in) throws IOException {
    var values = new float[in.readInt()];
    ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES);
    for (int at = 0; at < values.length; at += BLOCK) {
      int count = Math.min(BLOCK, values.length - at);
      in.readFully(block.array(), 0, count * Float.BYTES);
      block.asFloatBuffer().get(values, at, count);
    }
    return values;
  }
}
