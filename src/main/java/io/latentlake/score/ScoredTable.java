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
  private static final BatchWork.Recipe RECIPE = new Scoring.Recipe();

  private ScoredTable() {}

  /**
   * The table with its scores; starts no job.
   *
   * @param encoder what turns its rows into the model's input
   * @param names what each of {@link ScoreColumns} is called; those that aren't here are left out
   */
  public static Dataset<Row> of(
      Dataset<Row> table,
      SharedModel model,
      RowEncoder encoder,
      HandleInvalid handleInvalid,
      Map<String, String> names) {
    Dataset<Row> input = encoder.select(table, List.of(table.columns()));
    StructType columns = input.schema();
    StructType scored = columns(table.schema(), RECIPE.columns(), handleInvalid, names);
    Broadcast<TrainedVae> shared = model.on(table.sparkSession());
    return MappedTable.of(
        input,
        scored,
        rows ->
            new BatchStream(
                () -> RECIPE.open(shared.value()),
                RECIPE.columns(),
                rows,
                encoder.bind(columns),
                handleInvalid,
                counted -> {}));
  }

  /**
   * A table's columns with its scores behind them.
   *
   * @param names what each of {@link ScoreColumns} is called; those that aren't here are left out
   */
  public static StructType schema(
      StructType table, HandleInvalid handleInvalid, Map<String, String> names) {
    StructField[] all = columns(table, RECIPE.columns(), handleInvalid, names).fields();
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
