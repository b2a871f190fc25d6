package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.req.ReqSketch;

/**
 * How raw scores are distributed: what a sketch of them kept, in order. Larger scores are more
 * anomalous; "past" a score are the rows with a larger one.
 */
public final class ScoreDistribution implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of the rows that may be past a score, for products such as 0.29 · 100 = 28.999…96. */
  private static final double ROUNDING = 1e-12;

  /** In ascending order. */
  private final float[] scores;

  /** How many rows have at most each of {@link #scores}. */
  private final long[] rowsAtMost;

  /** The rarest share of rows that the sketch can tell from none. */
  private final double resolution;

  private static final int TENTHS = 10;

  private record Item(float score, long rows) {}

  private ScoreDistribution(List<Item> items, double rankError) {
    items.sort(Comparator.comparing(Item::score));
    scores = new float[items.size()];
    rowsAtMost = new long[items.size()];
    long rows = 0;
    for (int i = 0; i < scores.length; i++) {
      rows += items.get(i).rows();
      scores[i] = items.get(i).score();
      rowsAtMost[i] = rows;
    }
    resolution = Math.max(rankError, 1.0 / rows);
  }

  /**
   * What a sketch holds whose ranks are equally exact everywhere.
   *
   * @throws InvalidInputException when it is empty
   */
  public static ScoreDistribution of(KllFloatsSketch sketch) {
    requireRows(sketch.isEmpty());
    var items = new ArrayList<Item>(sketch.getNumRetained());
    for (var iterator = sketch.iterator(); iterator.next(); ) {
      items.add(new Item(iterator.getValue(), iterator.getWeight()));
    }
    double rankError = sketch.isEstimationMode() ? sketch.getNormalizedRankError(false) : 0;
    return new ScoreDistribution(items, rankError);
  }

  /**
   * What a sketch holds whose highest ranks are the most exact.
   *
   * @throws InvalidInputException when it is empty
   */
  public static ScoreDistribution of(ReqSketch sketch) {
    requireRows(sketch.isEmpty());
    var items = new ArrayList<Item>(sketch.getRetainedItems());
    for (var iterator = sketch.iterator(); iterator.next(); ) {
      items.add(new Item(iterator.getValue(), iterator.getWeight()));
    }
    return new ScoreDistribution(items, 0);
  }

  private static void requireRows(boolean empty) {
    if (empty) {
      throw new InvalidInputException("no row has a score, so nothing says how scores are spread");
    }
  }

  /** How many rows. */
  public long rows() {
    return rowsAtMost[rowsAtMost.length - 1];
  }

  /** The rarest share of rows that this can tell: one row, or what the sketch errs by. */
  public double resolution() {
    return resolution;
  }

  /** The share of rows, from 0 to 1, whose score is at most this one. */
  public double shareAtMost(float score) {
    int after = firstAbove(score);
    return after == 0 ? 0 : (double) rowsAtMost[after - 1] / rows();
  }

  /** How many rows are past a score. */
  public long rowsPast(float score) {
    int after = firstAbove(score);
    return after == 0 ? rows() : rows() - rowsAtMost[after - 1];
  }

  /**
   * The lowest score that at most so many rows are past.
   *
   * @param count at least 0
   */
  public float scoreWithPast(double count) {
    double most = count * (1 + ROUNDING);
    int low = 0;
    int high = scores.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows() - rowsAtMost[middle] <= most) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return scores[low];
  }

  /** The largest score that is finite; empty where none is. */
  public OptionalDouble largestFinite() {
    for (int i = scores.length - 1; i >= 0; i--) {
      if (Float.isFinite(scores[i])) {
        return OptionalDouble.of(scores[i]);
      }
    }
    return OptionalDouble.empty();
  }

  /** The highest scores of the rows' tenths but the last, ascending; some may be the same. */
  public List<Float> deciles() {
    return IntStream.range(1, TENTHS)
        .mapToObj(tenth -> scoreWithPast((double) rows() * (TENTHS - tenth) / TENTHS))
        .toList();
  }

  /**
   * The shares of rows in bins.
   *
   * @param edges the highest score of each bin but the last, ascending
   * @return one more than edges
   */
  public double[] shares(List<Float> edges) {
    var shares = new double[edges.size() + 1];
    double below = 0;
    for (int i = 0; i < shares.length; i++) {
      double atMost = shareAtMost(i < edges.size() ? edges.get(i) : Float.POSITIVE_INFINITY);
      shares[i] = atMost - below;
      below = atMost;
    }
    return shares;
  }

  /**
   * By how much the rows past a score exceed it.
   *
   * @param excess given each kept excess in ascending order, and how many rows have it
   */
  public void excesses(float score, Excess excess) {
    for (int i = firstAbove(score); i < scores.length; i++) {
      excess.accept((double) scores[i] - score, rowsAtMost[i] - (i == 0 ? 0 : rowsAtMost[i - 1]));
    }
  }

  /** Takes some rows' excess. */
  @FunctionalInterface
  public interface Excess {
    void accept(double excess, long rows);
  }

  /** Where the first kept score above this one is; their number where none is. */
  private int firstAbove(float score) {
    int low = 0;
    int high = scores.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      // Not "<=": NaN is past everything.
      if (!(scores[middle] > score)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
