package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.data.BadRowBudget;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.data.Format;
import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** A table that has other rows on the last look than on the first isn't passed over in silence. */
class ChangedTableTest {
  private static final int ROWS = 50;

  /** The rows below this are bad; local tasks see it change. */
  private static volatile int bad;

  private static Dataset<Row> table() {
    UDF1<Long, Double> value = id -> id < bad ? null : id % 7 / 6.0;
    return SharedSpark.session()
        .range(ROWS)
        .withColumn(
            "value",
            functions
                .udf(value, DataTypes.DoubleType)
                .asNondeterministic()
                .apply(functions.col("id")));
  }

  /** An output that is appended to, and where more rows become bad once the bad ones are there. */
  private record Growing(boolean isRepeatable) implements TableOutput {
    @Override
    public void write(DataFrameWriter<Row> rows) {
      rows.format("noop").mode(SaveMode.Append).save();
    }

    @Override
    public void writeRejected(DataFrameWriter<Row> rows) {
      write(rows);
      bad = 5;
    }

    @Override
    public String rejected(String output) {
      return output;
    }

    @Override
    public boolean isStaged() {
      return false;
    }

    @Override
    public void commit() {}
  }

  private static RuntimeException run(Growing output, Class<? extends RuntimeException> error) {
    bad = 0;
    TrainedVae model =
        new RandomModel("model { encoder = [8], latent = 2, decoder = [8] }")
            .reading("value", Kind.NUMBER, 1, table());
    bad = 2;
    var request =
        new TableJob.Request("table", table(), List.of("id"), Format.PARQUET, OnBadRow.REJECT);
    var job = new ScoringJob(SharedSpark.session(), model, 0);
    return assertThrows(error, () -> job.run(budgeted(request), output));
  }

  /** With a budget the bad rows are counted before anything is written. */
  private static TableJob.Request budgeted(TableJob.Request request) {
    return new TableJob.Request(
        request.name(),
        request.table(),
        request.keep(),
        request.layout(),
        request.onBadRow(),
        BadRowBudget.parse("budget", "50%"));
  }

  @Test
  void ofScoresThatWereAppendedNoOtherRunIsAskedFor() {
    var error = run(new Growing(false), InvalidInputException.class);
    assertTrue(error.getMessage().contains("2 rows were rejected, but on a second look 5"));
    assertTrue(error.getMessage().contains("appended"), error.getMessage());
  }

  @Test
  void ofScoresThatReplaceOthersItIs() {
    var error = run(new Growing(true), IllegalStateException.class);
    assertEquals(
        "table: 2 rows were rejected, but on a second look 5; the table changed meanwhile",
        error.getMessage());
  }
}
