package io.latentlake.ml;

import static org.apache.spark.ml.functions.array_to_vector;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.ModelFolder;
import io.latentlake.score.HandleInvalid;
import io.latentlake.score.ScoreColumns;
import io.latentlake.score.ScoredTable;
import io.latentlake.score.SharedModel;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
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
    if (List.of(ScoreColumns.MODEL_ID, ScoreColumns.SCORED_AT).containsAll(names.keySet())) {
      throw new InvalidInputException(
          stage + ": every score's column is left out; name one, such as anomalyScoreCol");
    }
    requireFree(table);
    StructType scored = ScoredTable.schema(table, handleInvalid, names, reasons);
    var columns =
        new StructType(
            Arrays.stream(scored.fields())
                .map(field -> isLatent(field.name()) ? vector(field) : field)
                .toArray(StructField[]::new));
    for (StructField origin : ScoreColumns.ORIGIN.fields()) {
      if (names.containsKey(origin.name())) {
        columns = columns.add(names.get(origin.name()), origin.dataType(), origin.nullable());
      }
    }
    return columns;
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
    return with(
        with(
            with(scored, ScoreColumns.LATENT, name -> vector(FeaturePlanner.quoted(name))),
            ScoreColumns.MODEL_ID,
            name -> functions.lit(ModelFolder.id(model.model()))),
        ScoreColumns.SCORED_AT,
        name -> functions.current_timestamp());
  }

  /** The table with a column of {@link ScoreColumns}, unless it is left out. */
  private Dataset<Row> with(Dataset<Row> table, String score, Function<String, Column> column) {
    String name = names.get(score);
    return name == null ? table : table.withColumn(name, column.apply(name));
  }

  private static Column vector(Column array) {
    return functions.when(array.isNotNull(), array_to_vector(array));
  }

  private boolean isLatent(String name) {
    return name.equals(names.get(ScoreColumns.LATENT));
  }

  private static StructField vector(StructField field) {
    return new StructField(field.name(), SQLDataTypes.VectorType(), true, field.metadata());
  }
}
