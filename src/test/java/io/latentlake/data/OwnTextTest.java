package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import java.util.List;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table's own values as text. */
class OwnTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          2147483647                                     | 2147483647
          -9223372036854775807L                          | -9223372036854775807
          123456.75D                                     | 123456.75
          99999999.99BD                                  | 99999999.99
          0.1F                                           | 0.1
          double('NaN')                                  | missing
          float('NaN')                                   | missing
          int(null)                                      | missing
          true                                           | true
          'NaN'                                          | NaN
          ''                                             | ""
          string(null)                                   | missing
          date'2024-01-04'                               | 2024-01-04
          timestamp'2024-01-04 00:10:00Z'                | 2024-01-04T00:10:00Z
          timestamp'2024-01-04 00:10:00.25+01:00'        | 2024-01-03T23:10:00.25Z
          timestamp'1900-01-01 00:00:00.000001Z'         | 1900-01-01T00:00:00.000001Z
          timestamp_ntz'2024-01-04 00:10:00'             | 2024-01-04T00:10:00
          timestamp(null)                                | missing
          """)
  void oneValue(String sql, String expected) {
    assertEquals(expected, text(SharedSpark.session().sql("select " + sql), 0));
  }

  @Test
  void longTextIsCutBetweenCharacters() {
    Dataset<Row> table = SharedSpark.session().sql("select repeat('é', 101), repeat('é', 100)");
    assertEquals("é".repeat(100) + "…", text(table, 0));
    assertEquals("é".repeat(100), text(table.select(table.columns()[1]), 0));
  }

  @Test
  void oneOfSeveralValues() {
    var spark = SharedSpark.session();
    assertEquals("123456.789", text(spark.sql("select array(0.5D, 123456.789D)"), 1));
    assertEquals("0.1", text(spark.sql("select array(0.5F, 0.1F)"), 1));
    assertEquals("1.0", text(spark.sql("select X'00FF'"), 1));
    Dataset<Row> numbers = spark.sql("select array(0D, 123456.789D, 0D, 0D, 0D) as numbers");
    var dense = functions.array_to_vector(numbers.col("numbers"));
    assertEquals("123456.789", text(numbers.select(dense), 1));
    var sparse = Vectors.sparse(5, new int[] {1, 4}, new double[] {0.25, 7});
    var table =
        spark.createDataFrame(
            List.of(RowFactory.create(sparse)),
            new StructType().add("features", SQLDataTypes.VectorType()));
    assertEquals("7.0", text(table, 4));
    assertEquals("0.0", text(table, 3));
  }

  private static String text(Dataset<Row> table, int element) {
    InternalRow row = InternalRows.first(table, 1).get(0);
    return new OwnText(0, table.schema().fields()[0].dataType()).of(row, element).toString();
  }
}
