package io.latentlake.train;

import io.latentlake.model.Provenance;
import java.util.List;

/**
 * What a training's table is known by.
 *
 * @param name its path or name, and its version where it keeps any
 * @param rows that are trained on
 * @param rejected rows that can't be used
 * @param content hash of the rows, whatever their order
 * @param order hash of the rows in the order in which the workers have them
 */
record TableFingerprint(String name, long rows, long rejected, long content, long order) {

  static TableFingerprint of(String name, ShardedTable shards) {
    long rejected = shards.rejected().values().stream().mapToLong(count -> count).sum();
    return new TableFingerprint(
        name, shards.rows(), rejected, shards.hash().content(), shards.hash().order());
  }

  /** Whether the rows that are trained on are the same, in whatever order. */
  boolean hasRowsOf(TableFingerprint other) {
    return rows == other.rows && content == other.content;
  }

  /**
   * What a model keeps of it.
   *
   * @param spark version that trained
   * @param columns of the table, each with its type
   */
  Provenance provenance(String spark, List<String> columns) {
    return Provenance.now(name, rows, rejected, spark, "%016x".formatted(content), columns);
  }

  /** How it is called in a message. */
  @Override
  public String toString() {
    return "%s with %,d rows (hash %016x)".formatted(name, rows, content);
  }
}
