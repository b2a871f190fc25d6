package io.latentlake.bench;

import java.util.Map;

/** Something that is measured once in each repetition, by turns with the others. */
@FunctionalInterface
interface Contender extends AutoCloseable {
  /** Measures once. */
  Map<Quantity, Double> measure() throws Exception;

  @Override
  default void close() throws Exception {}
}
