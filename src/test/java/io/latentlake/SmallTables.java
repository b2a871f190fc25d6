package io.latentlake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables that are small enough to train on in a second. */
public final class SmallTables {
  /** A VAE for {@link #numbers}, in HOCON. */
  public static final String NUMBERS_CONFIGURATION =
      """
      model {
        encoder = [16]
        latent = 2
        decoder = [16]
        likelihood.family = gaussian
      }
      train {
        epochs = 2
        batch-size = 32
        updater.learning-rate = 0.01
      }
      score.contamination = 0.05
      """;

  /** A VAE for {@link #mixed}, in HOCON. */
  public static final String MIXED_CONFIGURATION =
      """
      model { encoder = [16], latent = 2, decoder = [16] }
      train { epochs = 3, batch-size = 32, updater.learning-rate = 0.01 }
      """;

  private static final int ODD_EVERY = 20;
  private static final StructType NUMBERS =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("kind", DataTypes.StringType, false)
          .add("left", DataTypes.DoubleType, false)
          .add("right", DataTypes.DoubleType, false);

  private SmallTables() {}

  /**
   * Columns {@code id}, {@code kind}, {@code left} and {@code right}: the latter two nearly equal,
   * but far away from zero in every 20th row, whose kind is {@code odd}.
   */
  public static Dataset<Row> numbers(int rows) {
    var random = new Random(7);
    List<Row> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      boolean odd = i % ODD_EVERY == ODD_EVERY - 1;
      double left = odd ? 30 + random.nextGaussian() : random.nextGaussian();
      double right = left + 0.1 * random.nextGaussian();
      table.add(RowFactory.create((long) i, odd ? "odd" : "usual", left, right));
    }
    return SharedSpark.session().createDataFrame(table, NUMBERS);
  }

  /** Columns of every kind that is planned, each missing in some rows, an id and an array. */
  public static Dataset<Row> mixed(int rows) {
    return SharedSpark.session()
        .range(0, rows, 1, 2)
        .selectExpr(
            "id",
            "concat('order-', id) as code",
            "if(id % 10 = 1, null, exp(rand(1) * 8)) as amount",
            "if(id % 10 = 2, double('NaN'), randn(2) * 3 + 100) as weight",
            "if(id % 10 = 3, null, element_at(array('red', 'green', 'blue', ''), int(1 + id % 4))) as color",
            "if(id % 10 = 4, null, id % 3 = 0) as open",
            "timestamp_seconds(1700000000 + id * 20000) as time",
            "array(1d, 2d) as pair");
  }

  /** Writes a table as Parquet. */
  public static String parquet(Dataset<Row> table, Path folder) {
    table.write().parquet(folder.toString());
    return folder.toString();
  }
}
