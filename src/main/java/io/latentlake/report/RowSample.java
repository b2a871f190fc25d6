package io.latentlake.report;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.InternalRows;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Some of a table's rows as a model sees them, from all over the table.
 *
 * @param rows {@code [rows][features + condition]}
 * @param labels what each row is, as text; null where it has no label
 */
public record RowSample(float[][] rows, List<String> labels) {
  /** On a map, more only cover each other. */
  private static final int WANTED = 1500;

  private static final long SEED = 1;
  private static final String LABEL = "__latentlake_label";

  /**
   * Takes a sample in one pass over the table, and one to count it.
   *
   * @param label the column that says what a row is
   * @param name the table's, for errors
   * @throws InvalidInputException when the table doesn't fit the model, or has no such label
   */
  public static RowSample of(
      TrainedVae model, Dataset<Row> table, Optional<String> label, String name) {
    FeaturePlanner.requireFit(model.features(), table, name);
    label.ifPresent(column -> requireColumn(table, column, name));
    var text = label.map(FeaturePlanner::quoted).orElse(functions.lit(null));
    Dataset<Row> labelled = table.withColumn(LABEL, text.cast(DataTypes.StringType));
    double fraction = Math.min(1, (double) WANTED / Math.max(1, table.count()));
    Dataset<Row> chosen =
        model.encoder().select(labelled, List.of(LABEL)).sample(false, fraction, SEED);
    BoundEncoder encoder = model.encoder().bind(chosen.schema());
    var rows = new ArrayList<float[]>();
    var labels = new ArrayList<String>();
    for (InternalRow row : InternalRows.first(chosen, 2 * WANTED)) {
      var features = new float[encoder.width()];
      if (encoder.encode(row, features, 0).isEmpty()) {
        InternalRow kept = encoder.kept(row);
        rows.add(features);
        labels.add(kept.isNullAt(0) ? null : kept.getUTF8String(0).toString());
      }
    }
    return new RowSample(rows.toArray(float[][]::new), labels);
  }

  private static void requireColumn(Dataset<Row> table, String label, String name) {
    List<String> columns = List.of(table.columns());
    if (!columns.contains(label)) {
      throw new InvalidInputException(
          "--label %s: %s has no such column; it has %s"
              .formatted(label, name, String.join(", ", columns)));
    }
  }

  boolean isEmpty() {
    return rows.length == 0;
  }
}
