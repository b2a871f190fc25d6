package io.latentlake.train;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer.NamedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small tables to train on: twelve bytes a row, of two kinds that a VAE can tell apart. */
final class Tables {
  static final int WIDTH = 12;
  static final FeaturePlan PLAN =
      new FeaturePlan(List.of(new FeatureColumn("pixels", FeatureColumn.Kind.BYTES, WIDTH)));
  private static final StructType SCHEMA =
      new StructType().add("pixels", DataTypes.BinaryType, true);

  private Tables() {}

  static List<Row> rows(int count, long seed) {
    var random = new Random(seed);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < count; i++) {
      var pixels = new byte[WIDTH];
      boolean left = random.nextBoolean();
      for (int j = 0; j < WIDTH; j++) {
        boolean bright = j < WIDTH / 2 == left;
        pixels[j] = (byte) (bright ? 200 + random.nextInt(56) : random.nextInt(40));
      }
      rows.add(RowFactory.create((Object) pixels));
    }
    return rows;
  }

  static NamedTable table(List<Row> rows, int partitions) {
    var spark = SharedSpark.session();
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Dataset<Row> table = spark.createDataFrame(context.parallelize(rows, partitions), SCHEMA);
    return new NamedTable("rows", table);
  }

  /** A small network with a few settings of training. */
  static Configuration configuration(Map<String, ?> settings) {
    String small = "model { encoder = [8], latent = 2, decoder = [8] }, train.epochs = 2";
    return Configuration.parse(small, "test", settings);
  }
}
