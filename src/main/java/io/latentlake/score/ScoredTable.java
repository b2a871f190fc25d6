package io.latentlake.score;

import io.latentlake.data.MappedTable;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.TrainedVae;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table with its scores behind its columns, computed when Spark runs what is made of it. */
public final class ScoredTable {
  private ScoredTable() {}

  /**
   * The table with its scores; starts no job.
   *
   * @param encoder what turns its rows into the model's input
   * @param names what each of {@link ScoreColumns} is called; those that aren't here are left out
   * @param reasons how many a row gets; 0 for none, and no column
   */
  public static Dataset<Row> of(
      Dataset<Row> table,
      SharedModel model,
      RowEncoder encoder,
      HandleInvalid handleInvalid,
      Map<String, String> names,
      int reasons) {
    BatchWork.Recipe recipe =
        SegmentedScoring.recipe(model.model(), ExplainedScoring.recipe(reasons))
            .keeping(table.schema());
    Dataset<Row> input = encoder.select(table, List.of(table.columns()));
    StructType columns = input.schema();
    StructType scored = columns(table.schema(), recipe.columns(), handleInvalid, names);
    Broadcast<TrainedVae> shared = model.on(table.sparkSession());
    return MappedTable.of(
        input,
        scored,
        rows ->
            new BatchStream(
                () -> recipe.open(shared.value()),
                recipe.columns(),
                rows,
                encoder.bind(columns),
                handleInvalid,
                counted -> {}));
  }

  /**
   * Checks that a table tells the segments that a model has thresholds for, if any.
   *
   * @throws io.latentlake.spec.InvalidInputException when it doesn't
   */
  public static void requireSegments(StructType table, TrainedVae model) {
    SegmentedScoring.recipe(model, ExplainedScoring.recipe(0)).keeping(table);
  }

  /**
   * A table's columns with its scores behind them.
   *
   * @param names what each of {@link ScoreColumns} is called; those that aren't here are left out
   * @param reasons how many a row gets; 0 for none, and no column
   */
  public static StructType schema(
      StructType table, HandleInvalid handleInvalid, Map<String, String> names, int reasons) {
    StructType added = ExplainedScoring.recipe(reasons).columns();
    StructField[] all = columns(table, added, handleInvalid, names).fields();
    return new StructType(
        Arrays.stream(all).filter(field -> !field.name().isEmpty()).toArray(StructField[]::new));
  }

  /** The same with those that are left out, which have no name. */
  private static StructType columns(
      StructType table, StructType added, HandleInvalid handleInvalid, Map<String, String> names) {
    StructType columns = table;
    for (StructField field : added.fields()) {
      boolean nullable = field.nullable() || handleInvalid == HandleInvalid.KEEP;
      String name = names.getOrDefault(field.name(), "");
      columns = columns.add(name, field.dataType(), nullable, field.metadata());
    }
    return columns;
  }
}
