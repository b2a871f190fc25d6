package io.latentlake.train;

import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/** A shard's rows in an order of reading, cut into parts that fit in memory. */
interface Windows {
  /** How many there are. */
  int count();

  /** Rows of one of them. */
  int rows(int window);

  /** Brings one into memory. */
  Window load(int window);

  /**
   * Rows in memory with the order in which they are read.
   *
   * @param rows the rows
   * @param order the row that comes at each place
   */
  record Window(RowBlocks rows, IntUnaryOperator order) {

    /** The rows as they lie. */
    static Window inOrder(RowBlocks rows) {
      return new Window(rows, IntUnaryOperator.identity());
    }

    /** The rows in an order that the seed decides. */
    static Window shuffled(RowBlocks rows, long seed) {
      int[] order = shuffle(rows.rows(), seed);
      return new Window(rows, place -> order[place]);
    }
  }

  /** A random order of so many things (Fisher and Yates). */
  static int[] shuffle(int count, long seed) {
    var random = new SplittableRandom(seed);
    var order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
