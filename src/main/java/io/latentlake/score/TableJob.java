package io.latentlake.score;

import io.latentlake.data.BadRowBudget;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.Format;
import io.latentlake.data.InternalRows;
import io.latentlake.data.Layout;
import io.latentlake.data.MetricsSource;
import io.latentlake.data.RowEncoder;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
  /** Where in an output folder the rejected rows are. */
  public static final String REJECTED = StagedFolder.REJECTED;

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
   * @param layout of the output
   * @param onBadRow what becomes of rows that can't be used
   * @param budget how many of those there may be
   */
  public record Request(
      String name,
      Dataset<Row> table,
      List<String> keep,
      Layout layout,
      OnBadRow onBadRow,
      BadRowBudget budget) {

    /** An output without partitions, with any number of bad rows. */
    public Request(
        String name, Dataset<Row> table, List<String> keep, Format format, OnBadRow onBadRow) {
      this(name, table, keep, Layout.of(format), onBadRow, BadRowBudget.UNLIMITED);
    }

    /** The same for other rows with these columns. */
    Request of(Dataset<Row> rows) {
      return new Request(name, rows, keep, layout, onBadRow, budget);
    }

    /** The same with other columns that go along. */
    Request keeping(List<String> columns) {
      return new Request(name, table, columns, layout, onBadRow, budget);
    }
  }

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
   * Works into an output, which its caller commits.
   *
   * @throws InvalidInputException when the table doesn't fit the model, is empty, or has bad rows
   *     that {@link OnBadRow#FAIL} or the budget doesn't allow
   */
  Result run(Request request, TableOutput output) {
    requireFit(request);
    Result result = write(request, output);
    if (result.counts.total() == 0) {
      throw new InvalidInputException(request.name + ": the table is empty; nothing to do");
    }
    return result;
  }

  /**
   * Checks that a table can be worked on, by its columns and first rows.
   *
   * @throws InvalidInputException when it can't
   */
  void requireFit(Request request) {
    schema(request);
    recipe.keeping(kept(request));
    FeaturePlanner.requireFit(encoder.plan(), request.table, request.name);
  }

  /** The same as {@link #run} for a part of a table: it may be empty, or have bad rows only. */
  Result write(Request request, TableOutput output) {
    StructType schema = schema(request);
    output.requireFit(finished(schema), request.layout.partitionBy());
    long start = System.nanoTime();
    RowCounts counts =
        isRejectedFirst(request, output)
            ? writeRejectedFirst(request, schema, output)
            : writeRejectedLast(request, schema, output);
    return new Result(counts, (System.nanoTime() - start) / 1e9);
  }

  /**
   * Whether to look for bad rows before anything is written, because it can't be taken back: a
   * budget may forbid them, and where a failed run's rows would be there twice after the next, the
   * table itself is to be the last that is written. Where none is allowed the table ends the run.
   */
  private static boolean isRejectedFirst(Request request, TableOutput output) {
    boolean appends = !output.isRepeatable() && request.onBadRow != OnBadRow.FAIL;
    return !output.isStaged() && (request.budget.isLimited() || appends);
  }

  private RowCounts writeRejectedFirst(Request request, StructType schema, TableOutput output) {
    RowCounts expected = countRejected(request);
    requireWithin(request, expected);
    if (expected.rejected() > 0) {
      writeRejected(request, output, expected);
    }
    RowCounts counts = writeRows(request, schema, output);
    if (counts.rejected() == expected.rejected()) {
      return counts;
    }
    String changed = changed(request, expected, counts);
    if (output.isRepeatable()) {
      throw new IllegalStateException(changed);
    }
    // Run again, as after other failures, it would append all scores once more.
    throw new InvalidInputException(
        changed + "; its scores were appended all the same, so look at both before another run");
  }

  private RowCounts writeRejectedLast(Request request, StructType schema, TableOutput output) {
    RowCounts counts = writeRows(request, schema, output);
    requireWithin(request, counts);
    if (counts.rejected() > 0) {
      writeRejected(request, output, counts);
    }
    return counts;
  }

  private static void requireWithin(Request request, RowCounts counts) {
    request.budget.require(request.name, counts.scored(), counts.rejectedByReason());
  }

  /** The columns that the work gives. */
  private StructType schema(Request request) {
    StructType schema =
        ScoreColumns.withKept(request.table.schema(), request.keep, recipe.columns(), request.name);
    StructType written = finished(schema);
    request.layout.requireFit(written);
    requireCsv(written, request.layout.format());
    return schema;
  }

  /** The written table's columns. */
  private StructType finished(StructType schema) {
    return recipe.finish(spark.createDataFrame(List.of(), schema)).schema();
  }

  private static StructType kept(Request request) {
    var kept = new StructType();
    for (String name : request.keep) {
      kept = kept.add(request.table.schema().apply(name));
    }
    return kept;
  }

  private RowCounts writeRows(Request request, StructType schema, TableOutput output) {
    var counts = new PartitionCounts();
    spark.sparkContext().register(counts, "rows used");
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<TrainedVae> shared = context.broadcast(model);
    RowEncoder reader = encoder;
    BatchWork.Recipe work = recipe.keeping(kept(request));
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
    try (var metrics = metrics(counts)) {
      JavaRDD<InternalRow> rows = InternalRows.of(input).mapPartitions(stream);
      Dataset<Row> done = recipe.finish(InternalRows.table(spark, rows, schema));
      Format format = request.layout.format();
      Dataset<Row> written = format == Format.CSV ? flattened(done) : done;
      request.layout.write(written, options(format), output);
      return counts.value();
    } finally {
      shared.destroy();
    }
  }

  /** What Spark's sinks show while the tasks end: {@code latentlake.scoring}. */
  private static MetricsSource metrics(PartitionCounts counts) {
    long start = System.nanoTime();
    return new MetricsSource("scoring")
        .with("rows", () -> counts.value().scored())
        .with("rejected_rows", () -> counts.value().rejected())
        .with("rows_per_second", () -> counts.value().scored() * 1e9 / (System.nanoTime() - start))
        .register();
  }

  /** CSV has no arrays: they become JSON text. */
  private static Dataset<Row> flattened(Dataset<Row> done) {
    Dataset<Row> flat = done;
    for (String name : ScoreColumns.ARRAYS) {
      if (List.of(done.columns()).contains(name)) {
        flat = flat.withColumn(name, functions.to_json(functions.col(name)));
      }
    }
    return flat;
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

  /** A pass that writes nothing, for outputs where what is written is there at once. */
  private RowCounts countRejected(Request request) {
    RowEncoder reader = encoder;
    var counts = new PartitionCounts();
    spark.sparkContext().register(counts, "rows checked");
    Dataset<Row> input = reader.select(request.table);
    StructType columns = input.schema();
    InternalRows.of(input)
        .foreachPartition(rows -> counts.addPartition(RowCounts.of(rows, reader.bind(columns))));
    return counts.value();
  }

  /** Reads the table once more for the few rows that were counted as rejected. */
  private void writeRejected(Request request, TableOutput output, RowCounts expected) {
    RowEncoder reader = encoder;
    List<String> whole = whole(request);
    var counts = new PartitionCounts();
    spark.sparkContext().register(counts, "rows rejected");
    Dataset<Row> input = reader.select(request.table, whole);
    StructType columns = input.schema();
    FlatMapFunction<Iterator<InternalRow>, InternalRow> pick =
        rows -> new RejectedRows(rows, reader.bind(columns), counts::addPartition);
    StructType schema = ScoreColumns.rejected(request.table.schema(), whole);
    output.requireRejectedFit(schema);
    JavaRDD<InternalRow> rejected = InternalRows.of(input).mapPartitions(pick);
    output.writeRejected(InternalRows.table(spark, rejected, schema).write());
    if (counts.value().rejected() != expected.rejected()) {
      throw new IllegalStateException(changed(request, expected, counts.value()));
    }
  }

  private static String changed(Request request, RowCounts expected, RowCounts found) {
    return "%s: %d rows were rejected, but on a second look %d; the table changed meanwhile"
        .formatted(request.name, expected.rejected(), found.rejected());
  }

  /** The columns of rejected rows. */
  private static List<String> whole(Request request) {
    return Arrays.stream(request.table.columns())
        // Of a run before; Spark's column names don't distinguish cases, unless it is told to.
        .filter(name -> !name.equalsIgnoreCase(ScoreColumns.REJECTION_REASON))
        .toList();
  }

  private static void requireCsv(StructType schema, Format format) {
    if (format == Format.CSV) {
      for (var field : schema.fields()) {
        boolean added = ScoreColumns.ARRAYS.contains(field.name());
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
