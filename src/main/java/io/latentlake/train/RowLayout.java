package io.latentlake.train;

import java.io.Serializable;

/**
 * How a row is packed.
 *
 * @param width features
 * @param asBytes one unsigned byte a feature; else a float
 */
record RowLayout(int width, boolean asBytes) implements Serializable {

  /** Bytes a row. */
  int bytes() {
    return asBytes ? width : Math.multiplyExact(width, Float.BYTES);
  }

  /** Whole rows that fit, but at least one. */
  int rowsIn(long memory) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, memory / bytes()));
  }
}
