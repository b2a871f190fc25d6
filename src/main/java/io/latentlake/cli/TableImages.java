package io.latentlake.cli;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.InternalRows;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.util.ArrayList;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** A table's first rows as features, for pictures. */
final class TableImages {
  private TableImages() {}

  /**
   * Those among the first rows that can be used.
   *
   * @param count how many rows to look at
   * @return {@code [rows][features + condition]}
   * @throws InvalidInputException when none can be used
   */
  static float[][] first(TrainedVae model, NamedTable table, int count) {
    return first(model, model.encoder(), table, count);
  }

  /** The same, read by another encoder of the model's columns. */
  static float[][] first(TrainedVae model, RowEncoder reader, NamedTable table, int count) {
    if (count < 1) {
      throw new InvalidInputException("--count %d: must be at least 1".formatted(count));
    }
    FeaturePlanner.requireFit(model.features(), table.rows(), table.name());
    Dataset<Row> images = reader.select(table.rows());
    BoundEncoder encoder = reader.bind(images.schema());
    var found = new ArrayList<float[]>();
    for (InternalRow row : InternalRows.first(images, count)) {
      var features = new float[encoder.width()];
      if (encoder.encode(row, features, 0).isEmpty()) {
        found.add(features);
      }
    }
    if (found.isEmpty()) {
      throw new InvalidInputException(
          "%s: no usable row among the first %d".formatted(table.name(), count));
    }
    return found.toArray(float[][]::new);
  }

  /**
   * One row.
   *
   * @param option what named it, for the error
   * @param index counted from 0, as Spark gives the table
   */
  static float[] row(TrainedVae model, NamedTable table, String option, int index) {
    if (index < 0) {
      throw new InvalidInputException(
          "%s %d: must be at least 0, the first row".formatted(option, index));
    }
    FeaturePlanner.requireFit(model.features(), table.rows(), table.name());
    Dataset<Row> images = model.encoder().select(table.rows().offset(index));
    var rows = InternalRows.first(images, 1);
    if (rows.isEmpty()) {
      throw new InvalidInputException(
          "%s %d: %s has no such row; rows are counted from 0"
              .formatted(option, index, table.name()));
    }
    var features = new float[model.features().width()];
    model
        .encoder()
        .bind(images.schema())
        .encode(rows.get(0), features, 0)
        .ifPresent(
            reason -> {
              throw new InvalidInputException(
                  "%s %d: that row of %s can't be used (%s); name another"
                      .formatted(option, index, table.name(), reason));
            });
    return features;
  }
}
