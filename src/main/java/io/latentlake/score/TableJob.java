package io.latentlake.score;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.Format;
import io.latentlake.data.InternalRows;
import io.latentlake.data.RowEncoder;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * Works through a table into a folder: the rows with what the work added to them, and under {@value
 * #REJECTED} those that can't be used, with the reason. A task holds one batch, whatever the
 * table's size.
 */
public final class TableJob {
  /** Where in the output the rejected rows are; Spark passes it over when it reads the folder. */
  public static final String REJECTED = "_rejected";

  private final SparkSession spark;
  private final TrainedVae model;
  private final RowEncoder encoder;
  private final BatchWork.Recipe recipe;

  /**
   * A job.
   *
   * @param encoder what turns the table's rows into what the work takes
   */
  TableJob(SparkSession spark, TrainedVae model, RowEncoder encoder, BatchWork.Recipe recipe) {
    this.spark = spark;
    this.model = model;
    this.encoder = encoder;
    this.recipe = recipe;
  }

  /**
   * What is to be worked on, and how it is written.
   *
   * @param name the table's name, for errors
   * @param table the rows
   * @param keep columns that go along into the output
   * @param format of the output
   * @param onBadRow what becomes of rows that can't be used
   */
  public record Request(
      String name, Dataset<Row> table, List<String> keep, Format format, OnBadRow onBadRow) {}

  /**
   * What was done.
   *
   * @param counts rows used and rejected
   * @param seconds from the first row read to the last one written
   */
  public record Result(RowCounts counts, double seconds) {
    /** Used rows a second. */
    public double rowsPerSecond() {
      return counts.scored() / seconds;
    }
  }

  /**
   * Works into a folder, which its caller commits.
   *
   * @throws InvalidInputException when the table doesn't fit the model, is empty, or has a bad row
   *     that {@link OnBadRow#FAIL} doesn't allow
   */
  Result run(Request request, StagedFolder output) {
    StructType schema =
        ScoreColumns.withKept(request.table.schema(), request.keep, recipe.columns(), request.name);
    requireWritable(schema, request.format);
    FeaturePlanner.requireFit(encoder.plan(), request.table, request.name);
    long start = System.nanoTime();
    RowCounts counts = writeRows(request, schema, output.path());
    if (counts.scored() + counts.rejected() == 0) {
      throw new InvalidInputException(request.name + ": the table is empty; nothing to do");
    }
    if (counts.rejected() > 0) {
      writeRejected(request, new Path(output.path(), REJECTED), counts);
    }
    return new Result(counts, (System.nanoTime() - start) / 1e9);
  }

  private RowCounts writeRows(Request request, StructType schema, Path folder) {
    var counts = new PartitionCounts();
    spark.sparkContext().register(counts, "rows used");
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<TrainedVae> shared = context.broadcast(model);
    RowEncoder reader = encoder;
    BatchWork.Recipe work = recipe;
    HandleInvalid handleInvalid = request.onBadRow.handling();
    Dataset<Row> input = reader.select(request.table, request.keep);
    StructType columns = input.schema();
    FlatMapFunction<Iterator<InternalRow>, InternalRow> stream =
        rows ->
            new BatchStream(
                () -> work.open(shared.value()),
                work.columns(),
                rows,
                reader.bind(columns),
                handleInvalid,
                counts::addPartition);
    try {
      JavaRDD<InternalRow> rows = InternalRows.of(input).mapPartitions(stream);
      Dataset<Row> done = recipe.finish(InternalRows.table(spark, rows, schema));
      write(request.format == Format.CSV ? flattened(done) : done, request.format, folder);
      return counts.value();
    } finally {
      shared.destroy();
    }
  }

  /** CSV has no arrays: they become JSON text. */
  private static Dataset<Row> flattened(Dataset<Row> done) {
    return done.withColumn(
        ScoreColumns.LATENT, functions.to_json(functions.col(ScoreColumns.LATENT)));
  }

  private void write(Dataset<Row> rows, Format format, Path folder) {
    // The folder exists, empty: it was made to see that it can be.
    rows.write()
        .mode("append")
        .format(format.label())
        .options(options(format))
        .save(folder.toString());
  }

  private Map<String, String> options(Format format) {
    return switch (format) {
      case CSV -> Map.of("header", "true");
      // Hardly a score comes twice: Parquet would hash each into a dictionary, and then give it up.
      case PARQUET ->
          ScoreColumns.fractions(recipe.columns()).stream()
              .collect(
                  Collectors.toMap(path -> "parquet.enable.dictionary#" + path, path -> "false"));
      default -> Map.of();
    };
  }

  /** Reads the table once more for the few rows that were counted as rejected. */
  private void writeRejected(Request request, Path folder, RowCounts expected) {
    RowEncoder reader = encoder;
    List<String> whole =
        Arrays.stream(request.table.columns())
            .filter(name -> !name.equals(ScoreColumns.REJECTION_REASON))
            .toList();
    Dataset<Row> input = reader.select(request.table, whole);
    StructType columns = input.schema();
    FlatMapFunction<Iterator<InternalRow>, InternalRow> pick =
        rows -> new RejectedRows(rows, reader.bind(columns));
    StructType schema = ScoreColumns.rejected(request.table.schema(), whole);
    InternalRows.table(spark, InternalRows.of(input).mapPartitions(pick), schema)
        .write()
        .parquet(folder.toString());
    long found = spark.read().schema(schema).parquet(folder.toString()).count();
    if (found != expected.rejected()) {
      throw new IllegalStateException(
          "%s: %d rows were rejected, but on a second look %d; the table changed meanwhile"
              .formatted(request.name, expected.rejected(), found));
    }
  }

  private static void requireWritable(StructType schema, Format format) {
    if (format == Format.IDX) {
      throw new InvalidInputException(
          "--output-format idx: tables can't be written as IDX; use parquet");
    }
    if (format == Format.CSV) {
      for (var field : schema.fields()) {
        boolean added = field.name().equals(ScoreColumns.LATENT);
        if (field.dataType().equals(DataTypes.BinaryType)
            || (field.dataType() instanceof ArrayType && !added)
            || field.dataType() instanceof StructType
            || field.dataType() instanceof MapType
            || field.dataType() instanceof UserDefinedType) {
          throw new InvalidInputException(
              "column '%s' is %s, which CSV can't hold; leave it out of --keep or use --output-format parquet"
                  .formatted(field.name(), field.dataType().simpleString()));
        }
      }
    }
  }
}
