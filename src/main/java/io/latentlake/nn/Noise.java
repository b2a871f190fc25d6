package io.latentlake.nn;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Random numbers that depend on a seed alone: not on the backend, the thread or the machine. */
public final class Noise {
  private Noise() {}

  /** ε ~ N(0, I), {@code [rows, columns]}, row-major. */
  public static INDArray standardNormal(long seed, long rows, long columns, DataType type) {
    var values = new float[Math.toIntExact(rows * columns)];
    standardNormal(seed, values, values.length);
    INDArray noise = Nd4j.createFromArray(values).reshape('c', rows, columns);
    return noise.castTo(type);
  }

  /** The same numbers, row by row, into the front of an array. */
  public static void standardNormal(long seed, float[] target, int count) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      target[i] = (float) random.nextGaussian();
    }
  }

  /** A seed for one part of a run, such as (run, epoch, worker, batch); well mixed. */
  public static long seed(long... parts) {
    long mixed = 0x9E3779B97F4A7C15L;
    for (long part : parts) {
      mixed = new SplittableRandom(mixed ^ part).nextLong();
    }
    return mixed;
  }
}
