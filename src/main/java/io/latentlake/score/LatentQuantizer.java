package io.latentlake.score;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;

/**
 * Rounds latents to whole steps, as many in each dimension, evenly from the smallest value to the
 * largest: what lies between is at most half a step off, and what lies beyond becomes the nearest
 * end.
 *
 * @param bits of a dimension's code
 * @param low the smallest value of each dimension
 * @param high the largest
 */
public record LatentQuantizer(int bits, float[] low, float[] high) implements Serializable {
  /** Codes are whole to a float's precision. */
  private static final int MOST_BITS = 16;

  public LatentQuantizer {
    if (bits < 1 || bits > MOST_BITS) {
      throw new InvalidInputException(
          "--bits %d: must lie between 1 and %d".formatted(bits, MOST_BITS));
    }
    if (low == null || high == null || low.length != high.length || low.length == 0) {
      throw new InvalidInputException("the latents' ranges have no or different lengths");
    }
  }

  /** Latent dimensions. */
  public int dimensions() {
    return low.length;
  }

  /** Bytes of a packed row. */
  public int bytes() {
    return -Math.floorDiv(-bits * low.length, Byte.SIZE);
  }

  /** How far two neighbouring values of a dimension are apart. */
  public double step(int dimension) {
    return ((double) high[dimension] - low[dimension]) / ((1 << bits) - 1);
  }

  /** The codes of one z, one behind the other, lowest bits first. */
  public byte[] pack(float[] z) {
    var packed = new byte[bytes()];
    for (int i = 0; i < z.length; i++) {
      int code = code(z[i], i);
      for (int bit = 0; bit < bits; bit++) {
        int at = i * bits + bit;
        packed[at / Byte.SIZE] |= (byte) ((code >> bit & 1) << at % Byte.SIZE);
      }
    }
    return packed;
  }

  /** The z that codes stand for. */
  public float[] unpack(byte[] packed) {
    var z = new float[low.length];
    for (int i = 0; i < z.length; i++) {
      int code = 0;
      for (int bit = 0; bit < bits; bit++) {
        int at = i * bits + bit;
        code |= (packed[at / Byte.SIZE] >> at % Byte.SIZE & 1) << bit;
      }
      z[i] = (float) (low[i] + code * step(i));
    }
    return z;
  }

  private int code(float value, int dimension) {
    double step = step(dimension);
    long code = step == 0 ? 0 : Math.round((value - low[dimension]) / step);
    return (int) Math.max(0, Math.min((1 << bits) - 1, code));
  }
}
