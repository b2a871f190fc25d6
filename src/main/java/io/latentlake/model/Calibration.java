package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;

/**
 * The distribution of the training rows' measure, from which anomaly scores follow, and the
 * threshold: that which the contamination places in it, or one that was chosen; frozen.
 */
public final class Calibration implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Size parameter of the sketch (Karnin, Lang and Liberty, arXiv 1603.05346): exact up to as many
   * rows, and beyond that a rank is right to 0.005 %.
   */
  public static final int SKETCH_SIZE = KllFloatsSketch.MAX_K;

  private final byte[] sketch;
  private final ScoreDistribution distribution;
  private final double contamination;

  /** Null of a model that was calibrated before it was always kept. */
  private final LatentDistribution latents;

  /** Null where the contamination places it. */
  private final Threshold chosen;

  /** Null of a model that was calibrated before they were kept. */
  private final List<ColumnDistribution> columns;

  /** Null where one threshold serves all rows. */
  private final SegmentThresholds segments;

  private Calibration(
      byte[] sketch,
      ScoreDistribution distribution,
      double contamination,
      LatentDistribution latents,
      Threshold chosen,
      List<ColumnDistribution> columns,
      SegmentThresholds segments) {
    this.sketch = sketch;
    this.distribution = distribution;
    this.contamination = contamination;
    this.latents = latents;
    this.chosen = chosen;
    this.columns = columns;
    this.segments = segments;
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
    return new Calibration(
        sketch.toByteArray(), ScoreDistribution.of(sketch), contamination, null, null, null, null);
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
  public Calibration withLatents(LatentDistribution latentDistribution) {
    return new Calibration(
        sketch, distribution, contamination, latentDistribution, chosen, columns, segments);
  }

  /** The same beside what the training rows' columns held. */
  public Calibration withColumns(List<ColumnDistribution> distributions) {
    return new Calibration(
        sketch, distribution, contamination, latents, chosen, distributions, segments);
  }

  /** What the training rows' columns held, one of each that was looked at, where it was kept. */
  public Optional<List<ColumnDistribution>> columns() {
    return Optional.ofNullable(columns);
  }

  /**
   * The same of a model that must have it.
   *
   * @throws InvalidInputException when it was calibrated before it was kept
   */
  public List<ColumnDistribution> requireColumns() {
    return columns()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "the model doesn't know what its training rows' columns held; calibrate it anew with the training table, or leave --input out"));
  }

  /** The same with a threshold that was chosen, for all rows. */
  public Calibration withThreshold(Threshold threshold) {
    return new Calibration(sketch, distribution, contamination, latents, threshold, columns, null);
  }

  /** The same with thresholds of some rows' own; the others keep that which there is. */
  public Calibration withSegments(SegmentThresholds thresholds) {
    return new Calibration(
        sketch, distribution, contamination, latents, chosen, columns, thresholds);
  }

  /** Thresholds of some rows' own, where they were chosen. */
  public Optional<SegmentThresholds> segments() {
    return Optional.ofNullable(segments);
  }

  /** The same with the threshold that another contamination places, for all rows. */
  public Calibration withContamination(double other) {
    return new Calibration(sketch, distribution, other, latents, null, columns, null);
  }

  /** The distribution of the training rows' latents, where it was kept. */
  public Optional<LatentDistribution> latents() {
    return Optional.ofNullable(latents);
  }

  /**
   * The latents' distribution of a model that must have it.
   *
   * @throws InvalidInputException when it was calibrated before they were kept
   */
  public LatentDistribution requireLatents() {
    return latents()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "the model doesn't know where its training rows' latents lie; use calibrate --kind latent_distance"));
  }

  /** The sketch, serialized as Apache DataSketches does. */
  public byte[] sketch() {
    return sketch.clone();
  }

  /** The distribution of the training rows' measure. */
  public ScoreDistribution distribution() {
    return distribution;
  }

  /** Share of the training rows that is taken to be anomalous. */
  public double contamination() {
    return contamination;
  }

  /** The threshold that was chosen in place of the contamination's. */
  public Optional<Threshold> chosen() {
    return Optional.ofNullable(chosen);
  }

  /** The measure past which a row is an anomaly. */
  public float threshold() {
    return chosen == null
        ? distribution.scoreWithPast(contamination * distribution.rows())
        : chosen.score();
  }

  /** The share of the training rows, from 0 to 1, whose measure is at most this one. */
  public double anomalyScore(float measure) {
    return distribution.shareAtMost(measure);
  }
}
