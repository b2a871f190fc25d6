package io.latentlake.ml;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.RowEncoder;
import io.latentlake.score.HandleInvalid;
import io.latentlake.score.ScoreColumns;
import io.latentlake.score.ScoredTable;
import io.latentlake.score.SharedModel;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that transforming adds. The latent is an ML vector, for the stages behind.
 *
 * @param stage its uid, for errors
 * @param names what each of {@link ScoreColumns} is called; those that aren't here are left out
 * @param reasons how many a row gets; 0 for none
 * @param handleInvalid what becomes of rows that can't be scored
 */
record AddedColumns(
    String stage, Map<String, String> names, int reasons, HandleInvalid handleInvalid) {

  /**
   * A table's schema with them.
   *
   * @throws InvalidInputException when a name is taken, or there is none
   */
  StructType schema(StructType table) {
    if (names.isEmpty()) {
      throw new InvalidInputException(
          stage + ": every output column's name is empty; name one, such as anomalyScoreCol");
    }
    requireFree(table);
    StructType scored = ScoredTable.schema(table, handleInvalid, names, reasons);
    return new StructType(
        Arrays.stream(scored.fields())
            .map(field -> isLatent(field.name()) ? vector(field) : field)
            .toArray(StructField[]::new));
  }

  /** Spark's column names don't distinguish cases, unless it is told to. */
  private void requireFree(StructType table) {
    var taken = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    taken.addAll(Arrays.asList(table.fieldNames()));
    names.forEach(
        (score, name) -> {
          if (!taken.add(name)) {
            throw new InvalidInputException(
                "%s: %s's column '%s': there is one of that name; give another, or an empty one to leave it out"
                    .formatted(stage, score, name));
          }
        });
  }

  /** A table with them, lazily. */
  Dataset<Row> to(Dataset<Row> table, SharedModel model, RowEncoder encoder) {
    Dataset<Row> scored = ScoredTable.of(table, model, encoder, handleInvalid, names, reasons);
    String latent = names.get(ScoreColumns.LATENT);
    if (latent == null) {
      return scored;
    }
    Column array = FeaturePlanner.quoted(latent);
    return scored.withColumn(
        latent,
        org.apache.spark.sql.functions.when(array.isNotNull(), functions.array_to_vector(array)));
  }

  private boolean isLatent(String name) {
    return name.equals(names.get(ScoreColumns.LATENT));
  }

  private static StructField vector(StructField field) {
    return new StructField(field.name(), SQLDataTypes.VectorType(), true, field.metadata());
  }
}
