package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** IDX files as tables: each task opens the file itself and skips to its rows. */
final class IdxTables {
  /** Columns of a bundled set. */
  static final StructType BUNDLED =
      new StructType()
          .add("index", DataTypes.LongType, false)
          .add("label", DataTypes.IntegerType, false)
          .add("dataset", DataTypes.StringType, false)
          .add(TableReader.IMAGE, DataTypes.BinaryType, false);

  /** Columns of an IDX file. */
  static final StructType FILE =
      new StructType()
          .add("index", DataTypes.LongType, false)
          .add(TableReader.IMAGE, DataTypes.BinaryType, false);

  private IdxTables() {}

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  private record Slice(int from, int to) implements java.io.Serializable {}

  static Dataset<Row> bundled(SparkSession spark, BundledSet set) {
    try (IdxFile images = set.images()) {
      var rows =
          context(spark)
              .parallelize(slices(spark, images.header().rows()))
              .flatMap(slice -> bundledRows(set, slice));
      return spark.createDataFrame(rows, BUNDLED);
    } catch (IOException e) {
      throw new IllegalStateException(set.specification() + ": unreadable in the jar", e);
    }
  }

  private static Iterator<Row> bundledRows(BundledSet set, Slice slice) throws IOException {
    IdxFile images = set.images();
    IdxFile labels = set.labels();
    images.skip(slice.from);
    labels.skip(slice.from);
    return new IdxRows(
        slice.from,
        slice.to,
        index -> {
          int label = labels.row()[0] & 0xff;
          return RowFactory.create(index, label, set.dataset(), images.row());
        },
        images,
        labels);
  }

  static Dataset<Row> file(SparkSession spark, String location) {
    var hadoop = new SerializableConfiguration(spark.sessionState().newHadoopConf());
    try (IdxFile file = open(location, hadoop)) {
      file.requireComplete();
      var rows =
          context(spark)
              .parallelize(slices(spark, file.header().rows()))
              .flatMap(slice -> fileRows(location, hadoop, slice));
      return spark.createDataFrame(rows, FILE);
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: can't be read as IDX: %s".formatted(location, e.getMessage()), e);
    }
  }

  private static Iterator<Row> fileRows(
      String location, SerializableConfiguration hadoop, Slice slice) throws IOException {
    IdxFile file = open(location, hadoop);
    file.skip(slice.from);
    return new IdxRows(slice.from, slice.to, index -> RowFactory.create(index, file.row()), file);
  }

  private static IdxFile open(String location, SerializableConfiguration hadoop)
      throws IOException {
    var path = new Path(location);
    return new IdxFile(FileSystems.of(path, hadoop.value()).open(path), location);
  }

  private static List<Slice> slices(SparkSession spark, int rows) {
    int count = Math.max(1, Math.min(rows, context(spark).defaultParallelism()));
    return IntStream.range(0, count)
        .mapToObj(
            i -> new Slice((int) ((long) rows * i / count), (int) ((long) rows * (i + 1) / count)))
        .toList();
  }

  private static JavaSparkContext context(SparkSession spark) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
