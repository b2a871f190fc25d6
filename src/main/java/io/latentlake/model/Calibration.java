package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;

/**
 * The distribution of the training rows' reconstruction error, frozen, and the threshold that the
 * contamination places in it.
 */
public final class Calibration implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Size parameter of the sketch (Karnin, Lang and Liberty, arXiv 1603.05346): exact up to as many
   * rows, and beyond that a rank is right to 0.005 %.
   */
  public static final int SKETCH_SIZE = KllFloatsSketch.MAX_K;

  private final byte[] sketch;
  private final double contamination;

  /** The sketch's items in ascending order, and the share of the rows at or below each. */
  private final float[] errors;

  private final double[] ranks;

  private Calibration(KllFloatsSketch sketch, double contamination) {
    this.sketch = sketch.toByteArray();
    this.contamination = contamination;
    int items = sketch.getNumRetained();
    var sorted = new float[items][];
    var iterator = sketch.iterator();
    for (int i = 0; iterator.next(); i++) {
      sorted[i] = new float[] {iterator.getValue(), iterator.getWeight()};
    }
    Arrays.sort(sorted, (a, b) -> Float.compare(a[0], b[0]));
    errors = new float[items];
    ranks = new double[items];
    double below = 0;
    for (int i = 0; i < items; i++) {
      errors[i] = sorted[i][0];
      below += sorted[i][1];
      ranks[i] = below / sketch.getN();
    }
  }

  /**
   * Calibrates by the training rows' errors.
   *
   * @param sketch of the errors; not empty
   * @param contamination share of the training rows that is taken to be anomalous
   */
  public static Calibration of(KllFloatsSketch sketch, double contamination) {
    if (sketch.isEmpty()) {
      throw new InvalidInputException("no row could be scored, so nothing calibrates the scores");
    }
    return new Calibration(sketch, contamination);
  }

  /**
   * Reads a sketch as {@link #sketch()} gave it.
   *
   * @throws InvalidInputException when the bytes aren't one
   */
  public static Calibration read(byte[] sketch, double contamination) {
    try {
      return of(KllFloatsSketch.heapify(Memory.wrap(sketch)), contamination);
    } catch (RuntimeException | AssertionError e) {
      throw new InvalidInputException("not a calibration sketch: " + e.getMessage(), e);
    }
  }

  /** The sketch, serialized as Apache DataSketches does. */
  public byte[] sketch() {
    return sketch.clone();
  }

  /** Share of the training rows that is taken to be anomalous. */
  public double contamination() {
    return contamination;
  }

  /** The reconstruction error, in nats, past which a row is an anomaly. */
  public float threshold() {
    int at = Arrays.binarySearch(ranks, 1 - contamination);
    return errors[Math.min(at < 0 ? -at - 1 : at, errors.length - 1)];
  }

  /**
   * The share of the training rows, from 0 to 1, whose error is at most this one.
   *
   * @param error in nats
   */
  public double anomalyScore(float error) {
    int at = Arrays.binarySearch(errors, error);
    int last = at < 0 ? -at - 2 : at;
    while (last + 1 < errors.length && errors[last + 1] == error) {
      last++;
    }
    return last < 0 ? 0 : ranks[last];
  }
}
