package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;

/**
 * The distribution of the training rows' measure, from which anomaly scores follow, and the
 * threshold that the contamination places in it; frozen.
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

  /** Null where no measure needs it. */
  private final LatentDistribution latents;

  /** The sketch's items in ascending order, and the share of the rows at or below each. */
  private final float[] measures;

  private final double[] ranks;

  private Calibration(KllFloatsSketch sketch, double contamination, LatentDistribution latents) {
    this.latents = latents;
    this.sketch = sketch.toByteArray();
    this.contamination = contamination;
    int items = sketch.getNumRetained();
    var sorted = new float[items][];
    var iterator = sketch.iterator();
    for (int i = 0; iterator.next(); i++) {
      sorted[i] = new float[] {iterator.getValue(), iterator.getWeight()};
    }
    Arrays.sort(sorted, (a, b) -> Float.compare(a[0], b[0]));
    measures = new float[items];
    ranks = new double[items];
    double below = 0;
    for (int i = 0; i < items; i++) {
      measures[i] = sorted[i][0];
      below += sorted[i][1];
      ranks[i] = below / sketch.getN();
    }
  }

  /**
   * Calibrates by the training rows' measures.
   *
   * @param sketch of the measures; not empty
   * @param contamination share of the training rows that is taken to be anomalous
   */
  public static Calibration of(KllFloatsSketch sketch, double contamination) {
    if (sketch.isEmpty()) {
      throw new InvalidInputException("no row could be scored, so nothing calibrates the scores");
    }
    return new Calibration(sketch, contamination, null);
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

  /** The same beside the distribution of the training rows' latents. */
  public Calibration withLatents(LatentDistribution distribution) {
    return new Calibration(
        KllFloatsSketch.heapify(Memory.wrap(sketch)), contamination, distribution);
  }

  /** The distribution of the training rows' latents, where a measure needs it. */
  public Optional<LatentDistribution> latents() {
    return Optional.ofNullable(latents);
  }

  /**
   * The latents' distribution of a model that must have it.
   *
   * @throws InvalidInputException when it was calibrated for another kind of score
   */
  public LatentDistribution requireLatents() {
    return latents()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "the model wasn't calibrated for latent distances; use calibrate --kind latent_distance"));
  }

  /** The sketch, serialized as Apache DataSketches does. */
  public byte[] sketch() {
    return sketch.clone();
  }

  /** Share of the training rows that is taken to be anomalous. */
  public double contamination() {
    return contamination;
  }

  /** The measure past which a row is an anomaly. */
  public float threshold() {
    int at = Arrays.binarySearch(ranks, 1 - contamination);
    return measures[Math.min(at < 0 ? -at - 1 : at, measures.length - 1)];
  }

  /** The share of the training rows, from 0 to 1, whose measure is at most this one. */
  public double anomalyScore(float measure) {
    int at = Arrays.binarySearch(measures, measure);
    int last = at < 0 ? -at - 2 : at;
    while (last + 1 < measures.length && measures[last + 1] == measure) {
      last++;
    }
    return last < 0 ? 0 : ranks[last];
  }
}
