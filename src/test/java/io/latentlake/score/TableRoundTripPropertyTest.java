package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FeatureRequest;
import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TablePlanner;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Any table of supported types, planned, trained on, saved, loaded and scored: every row comes out
 * once, scored or rejected, whatever is in it and however it is partitioned.
 */
@Tag("slow")
class TableRoundTripPropertyTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("amount", DataTypes.DoubleType)
          .add("count", DataTypes.IntegerType)
          .add("price", DataTypes.createDecimalType(12, 2))
          .add("color", DataTypes.StringType)
          .add("open", DataTypes.BooleanType)
          .add("day", DataTypes.DateType)
          .add("time", DataTypes.TimestampType)
          .add("pair", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("bytes", DataTypes.BinaryType);

  /** What {@code auto} leaves out or takes for a number. */
  private static final Map<String, String> KINDS =
      Map.of(
          "count",
          "category",
          "color",
          "category",
          "day",
          "timestamp",
          "time",
          "timestamp",
          "pair",
          "raw",
          "bytes",
          "raw");

  private static final Row COMPLETE =
      RowFactory.create(
          1.0,
          2,
          new BigDecimal("3.00"),
          "red",
          true,
          new Date(0),
          new Timestamp(86_400_000L),
          new Double[] {0.5, -0.5},
          new byte[] {0, 127, -1});

  private static final String CONFIGURATION =
      """
      model { encoder = [8], latent = 2, decoder = [8] }
      train { epochs = 1, batch-size = 32, workers = 2, averaging-frequency = 2 }
      score.batch-size = 16
      """;

  private final SparkSession spark = SharedSpark.session();

  @Provide
  Arbitrary<Set<String>> columns() {
    return Arbitraries.of(SCHEMA.fieldNames()).set().ofMinSize(1);
  }

  @Provide
  Arbitrary<List<Row>> rows() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(-1_000_000_000L, 4_000_000_000L);
    return Combinators.combine(
            Combinators.combine(
                    numbers().injectNull(0.2),
                    Arbitraries.integers().injectNull(0.2),
                    Arbitraries.bigDecimals()
                        .between(new BigDecimal("-9999999999"), new BigDecimal("9999999999"))
                        .ofScale(2)
                        .injectNull(0.2),
                    colors().injectNull(0.2),
                    Arbitraries.of(true, false).injectNull(0.2))
                .as((a, b, c, d, e) -> new Object[] {a, b, c, d, e}),
            seconds.map(each -> new Date(1000 * each)).injectNull(0.2),
            seconds.map(each -> new Timestamp(1000 * each)).injectNull(0.2),
            pairs(),
            bytes())
        .as(
            (first, day, time, pair, bytes) ->
                RowFactory.create(
                    Stream.concat(Stream.of(first), Stream.of(day, time, pair, bytes)).toArray()))
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }

  private static Arbitrary<Double> numbers() {
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.doubles().between(-1e3, 1e3)),
        Tuple.of(1, Arbitraries.doubles()),
        Tuple.of(
            1, Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
  }

  private static Arbitrary<String> colors() {
    return Arbitraries.oneOf(
        Arbitraries.of("", "red", "blue"), Arbitraries.strings().ofMaxLength(3));
  }

  /** Now and then null, of another length, or with an element that isn't a number. */
  private static Arbitrary<Double[]> pairs() {
    Arbitrary<Double> any =
        Arbitraries.of(1.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e300).injectNull(0.2);
    return Arbitraries.frequencyOf(
        Tuple.of(9, Arbitraries.doubles().between(-10, 10).array(Double[].class).ofSize(2)),
        Tuple.of(1, any.array(Double[].class).ofMaxSize(3).injectNull(0.2)));
  }

  private static Arbitrary<byte[]> bytes() {
    return Arbitraries.frequencyOf(
        Tuple.of(9, Arbitraries.bytes().array(byte[].class).ofSize(3)),
        Tuple.of(1, Arbitraries.bytes().array(byte[].class).ofMaxSize(4).injectNull(0.3)));
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void everyRowIsScoredOrRejectedOnce(
      @ForAll("columns") Set<String> columns,
      @ForAll("rows") List<Row> trained,
      @ForAll("rows") List<Row> scored,
      @ForAll @IntRange(min = 1, max = 4) int partitions)
      throws IOException {
    List<Row> complete = new ArrayList<>(trained);
    complete.add(COMPLETE);
    Path folder = Files.createTempDirectory("round-trip");
    try {
      TrainedVae model = train(table(complete, partitions, columns, true));
      TrainedVae loaded = throughFolder(model, folder.resolve("model"));
      Dataset<Row> table = table(scored, partitions, columns, false);
      Dataset<Row> scores = score(loaded, table, folder.resolve("scores"));

      List<Long> usable =
          LongStream.range(0, scored.size())
              .filter(id -> isUsable(scored.get((int) id), columns, loaded.features()))
              .boxed()
              .toList();
      List<Long> rejected = new ArrayList<>(LongStream.range(0, scored.size()).boxed().toList());
      rejected.removeAll(usable);
      assertEquals(usable, ids(scores));
      assertEquals(rejected, rejected(folder.resolve("scores")));
      scores.collectAsList().forEach(TableRoundTripPropertyTest::assertFinite);
      SameRows.assertSame(score(model, table, folder.resolve("in-memory")), scores);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static boolean isUsable(Row row, Set<String> columns, FeaturePlan plan) {
    Double amount = row.getAs(SCHEMA.fieldIndex("amount"));
    Double[] pair = row.getAs(SCHEMA.fieldIndex("pair"));
    byte[] bytes = row.getAs(SCHEMA.fieldIndex("bytes"));
    return !(columns.contains("amount") && amount != null && amount.isInfinite())
        && !(columns.contains("pair") && !isPair(pair))
        && !(columns.contains("bytes") && (bytes == null || bytes.length != 3))
        && plan.columns().stream().anyMatch(column -> hasValue(row, column.name()));
  }

  private static boolean hasValue(Row row, String column) {
    Object value = row.getAs(SCHEMA.fieldIndex(column));
    return value != null && !value.equals(Double.NaN);
  }

  private static boolean isPair(Double[] pair) {
    return pair != null
        && pair.length == 2
        && Stream.of(pair).allMatch(each -> each != null && Math.abs(each) < Float.MAX_VALUE);
  }

  private static List<Long> ids(Dataset<Row> rows) {
    return rows.select("id").orderBy("id").collectAsList().stream().map(r -> r.getLong(0)).toList();
  }

  private List<Long> rejected(Path scores) {
    Path rejected = scores.resolve(TableJob.REJECTED);
    return Files.exists(rejected) ? ids(spark.read().parquet(rejected.toString())) : List.of();
  }

  private static void assertFinite(Row row) {
    for (String score :
        List.of("reconstruction_error", "squared_error", "raw_score", "anomaly_score")) {
      assertTrue(Double.isFinite(number(row, score)), score + " of " + row);
    }
    // 0 but for rounding; and thousands of deviations off, the exponential within it overflows.
    assertTrue(number(row, "kl") >= -1e-6, "kl of " + row);
    assertTrue(number(row, "elbo") < Double.POSITIVE_INFINITY, "elbo of " + row);
    row.<Float>getList(row.fieldIndex("latent"))
        .forEach(each -> assertTrue(Float.isFinite(each), "latent of " + row));
  }

  private static double number(Row row, String column) {
    return row.<Number>getAs(column).doubleValue();
  }

  private TrainedVae train(Dataset<Row> table) {
    List<String> features = new ArrayList<>(List.of("auto"));
    for (String column : table.columns()) {
      if (KINDS.containsKey(column)) {
        features.add(column + ":" + KINDS.get(column));
      }
    }
    var request = FeatureRequest.of(features, List.of("id"), table.schema());
    FeaturePlan plan = TablePlanner.plan(table, request, List.of(), "table").features();
    // Columns that are all taken as they are would be held to be within [0, 1].
    boolean raw = plan.columns().stream().allMatch(FeatureColumn.class::isInstance);
    Map<String, String> likelihood = raw ? Map.of("model.likelihood.family", "gaussian") : Map.of();
    TrainedVae model =
        new Trainer(spark, new TrainingProgress() {})
            .train(
                Configuration.parse(CONFIGURATION, "test", likelihood),
                plan,
                new NamedTable("table", table),
                Optional.empty())
            .model();
    return Calibrator.calibrate(
        JavaSparkContext.fromSparkContext(spark.sparkContext()), model, table);
  }

  private TrainedVae throughFolder(TrainedVae model, Path folder) throws IOException {
    var hadoop = spark.sessionState().newHadoopConf();
    var path = new org.apache.hadoop.fs.Path(folder.toUri());
    ModelFolder.write(model, FileSystem.get(path.toUri(), hadoop), path);
    return ModelFolder.read(folder.toString(), hadoop);
  }

  private Dataset<Row> score(TrainedVae model, Dataset<Row> table, Path output) throws IOException {
    var request =
        new TableJob.Request("table", table, List.of("id"), Format.PARQUET, OnBadRow.REJECT);
    try (var staged =
        StagedFolder.create(output.toString(), false, spark.sessionState().newHadoopConf())) {
      new ScoringJob(spark, model).run(request, staged);
    }
    return spark.read().parquet(output.toString());
  }

  /**
   * Some columns of the rows, numbered, and a column that has no value in training; two partitions
   * of it, or more, are empty.
   */
  private Dataset<Row> table(
      List<Row> rows, int partitions, Set<String> columns, boolean training) {
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Row> numbered =
        IntStream.range(0, rows.size())
            .mapToObj(id -> RowFactory.create((long) id, rows.get(id)))
            .toList();
    var schema = new StructType().add("id", DataTypes.LongType).add("row", SCHEMA);
    var parallel = context.parallelize(numbered, partitions);
    Dataset<Row> table =
        spark.createDataFrame(parallel.union(context.parallelize(List.<Row>of(), 2)), schema);
    return table
        .select("id", columns.stream().map(column -> "row." + column).toArray(String[]::new))
        .withColumn(
            "nothing", functions.expr(training ? "cast(null as double)" : "cast(id as double)"));
  }
}
