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
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
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
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Any table of supported types, planned, trained on, saved, loaded and scored: every row comes out
 * once, scored or rejected, whatever is in it and however it is partitioned.
 */
@Tag("slow")
class TableRoundTripPropertyTest {
  /** Of six tries; more at a time with {@code -Dlatentlake.round-trips=150}. */
  private static final int TRIPS = Integer.getInteger("latentlake.round-trips", 6);

  private static final StructType SCHEMA =
      new StructType()
          .add("amount", DataTypes.DoubleType)
          .add("ratio", DataTypes.FloatType)
          .add("count", DataTypes.IntegerType)
          .add("far", DataTypes.LongType)
          .add("near", DataTypes.ShortType)
          .add("tiny", DataTypes.ByteType)
          .add("price", DataTypes.createDecimalType(12, 2))
          .add("color", DataTypes.StringType)
          .add("open", DataTypes.BooleanType)
          .add("day", DataTypes.DateType)
          .add("time", DataTypes.TimestampType)
          .add("local", DataTypes.TimestampNTZType)
          .add("pair", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("vector", SQLDataTypes.VectorType())
          .add("bytes", DataTypes.BinaryType);

  private static final Set<String> WHOLE = Set.of("count", "far", "near", "tiny");
  private static final Set<String> NUMBERS =
      Set.of("amount", "ratio", "count", "far", "near", "tiny", "price");

  private static final Row COMPLETE =
      RowFactory.create(
          1.0,
          0.5f,
          2,
          3L,
          (short) 4,
          (byte) 5,
          new BigDecimal("3.00"),
          "red",
          true,
          new Date(0),
          new Timestamp(86_400_000L),
          LocalDateTime.of(2026, 11, 27, 23, 0),
          new Double[] {0.5, -0.5},
          Vectors.dense(0.25, 0.75),
          new byte[] {0, 127, -1});

  private static final String CONFIGURATION =
      """
      model { encoder = [8], latent = 2, decoder = [8] }
      train { epochs = 1, batch-size = 32, workers = 2, averaging-frequency = 2 }
      score.batch-size = 16
      """;

  private final SparkSession spark = SharedSpark.session();

  /**
   * One way through.
   *
   * @param kinds what each of some columns is asked to become
   */
  record Trip(Map<String, String> kinds, List<Row> trained, List<Row> scored, int partitions) {
    boolean isRaw(String column) {
      return "raw".equals(kinds.get(column));
    }
  }

  @Provide
  Arbitrary<List<Trip>> trips() {
    return Combinators.combine(kinds(), rows(), rows(), Arbitraries.integers().between(1, 4))
        .as(Trip::new)
        .list()
        .ofSize(Math.max(1, TRIPS / 6));
  }

  /** Some columns, each with a kind that its type allows. */
  private static Arbitrary<Map<String, String>> kinds() {
    return Arbitraries.of(SCHEMA.fieldNames())
        .set()
        .ofMinSize(1)
        .flatMap(TableRoundTripPropertyTest::kindsOf);
  }

  private static Arbitrary<Map<String, String>> kindsOf(Set<String> columns) {
    List<String> names = List.copyOf(columns);
    return Combinators.combine(names.stream().map(name -> Arbitraries.of(kinds(name))).toList())
        .as(
            drawn ->
                IntStream.range(0, drawn.size())
                    .boxed()
                    .collect(Collectors.toMap(names::get, drawn::get)));
  }

  /** What {@code auto} may leave out is asked for, so that there is something to train on. */
  private static List<String> kinds(String column) {
    if (NUMBERS.contains(column)) {
      var all = new ArrayList<>(List.of("auto", "standard", "robust", "min-max", "none"));
      all.addAll(List.of("log", "count", "raw"));
      all.addAll(WHOLE.contains(column) ? List.of("category", "hash") : List.of());
      return all;
    }
    return switch (column) {
      case "color" -> List.of("category", "hash");
      case "open" -> List.of("auto", "boolean", "category", "hash");
      case "day", "time", "local" -> List.of("timestamp");
      default -> List.of("raw");
    };
  }

  private static Arbitrary<List<Row>> rows() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(-1_000_000_000L, 4_000_000_000L);
    List<Arbitrary<?>> values =
        List.of(
            numbers().injectNull(0.2),
            numbers().map(Double::floatValue).injectNull(0.2),
            Arbitraries.integers().injectNull(0.2),
            Arbitraries.longs().injectNull(0.2),
            Arbitraries.shorts().injectNull(0.2),
            Arbitraries.bytes().injectNull(0.2),
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-9999999999"), new BigDecimal("9999999999"))
                .ofScale(2)
                .injectNull(0.2),
            colors().injectNull(0.2),
            Arbitraries.of(true, false).injectNull(0.2),
            seconds.map(each -> new Date(1000 * each)).injectNull(0.2),
            seconds.map(each -> new Timestamp(1000 * each)).injectNull(0.2),
            seconds
                .map(each -> LocalDateTime.ofEpochSecond(each, 0, ZoneOffset.UTC))
                .injectNull(0.2),
            pairs(),
            pairs().map(TableRoundTripPropertyTest::vector),
            bytes());
    return Combinators.combine(values.stream().map(Arbitrary::asGeneric).toList())
        .as(row -> RowFactory.create(row.toArray()))
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }

  /** Sparse where the first number is above the second; a vector has no nulls in it. */
  private static Vector vector(Double[] pair) {
    if (pair == null || Stream.of(pair).anyMatch(Objects::isNull)) {
      return null;
    }
    Vector dense = Vectors.dense(Stream.of(pair).mapToDouble(each -> each).toArray());
    return pair.length > 1 && pair[0] > pair[1] ? dense.toSparse() : dense;
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
  void everyRowIsScoredOrRejectedOnce(@ForAll("trips") List<Trip> trips) throws IOException {
    for (Trip trip : trips) {
      go(trip);
    }
  }

  private void go(Trip trip) throws IOException {
    List<Row> complete = new ArrayList<>(trip.trained);
    complete.add(COMPLETE);
    Path folder = Files.createTempDirectory("round-trip");
    try {
      TrainedVae model = train(table(complete, trip, true), trip.kinds);
      TrainedVae loaded = throughFolder(model, folder.resolve("model"));
      Dataset<Row> table = table(trip.scored, trip, false);
      Dataset<Row> scores = score(loaded, table, folder.resolve("scores"));

      List<Long> usable =
          LongStream.range(0, trip.scored.size())
              .filter(id -> isUsable(trip.scored.get((int) id), trip, loaded.features()))
              .boxed()
              .toList();
      List<Long> rejected =
          new ArrayList<>(LongStream.range(0, trip.scored.size()).boxed().toList());
      rejected.removeAll(usable);
      assertEquals(usable, ids(scores), trip.kinds::toString);
      assertEquals(rejected, rejected(folder.resolve("scores")), trip.kinds::toString);
      scores.collectAsList().forEach(row -> assertFinite(row, trip.kinds));
      SameRows.assertSame(score(model, table, folder.resolve("in-memory")), scores);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static boolean isUsable(Row row, Trip trip, FeaturePlan plan) {
    for (String column : trip.kinds.keySet()) {
      Object value = row.get(SCHEMA.fieldIndex(column));
      boolean infinite = value instanceof Number number && Double.isInfinite(number.doubleValue());
      if (infinite || (trip.isRaw(column) && !isWhole(value))) {
        return false;
      }
    }
    return plan.columns().stream().anyMatch(column -> hasValue(row, column.name()));
  }

  /** Whether there is all of what is taken as it is. */
  private static boolean isWhole(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length == 3;
    }
    if (value instanceof Vector vector) {
      return isPair(DoubleStream.of(vector.toArray()).boxed().toArray(Double[]::new));
    }
    return value instanceof Double[] pair
        ? isPair(pair)
        : value instanceof Number number && Double.isFinite(number.doubleValue());
  }

  private static boolean hasValue(Row row, String column) {
    Object value = row.get(SCHEMA.fieldIndex(column));
    return value != null && !(value instanceof Number number && Double.isNaN(number.doubleValue()));
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

  private static void assertFinite(Row row, Map<String, String> kinds) {
    for (String score :
        List.of("reconstruction_error", "squared_error", "raw_score", "anomaly_score")) {
      assertTrue(Double.isFinite(number(row, score)), score + " of " + row + " as " + kinds);
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

  private TrainedVae train(Dataset<Row> table, Map<String, String> kinds) {
    List<String> features = new ArrayList<>(List.of("auto"));
    kinds.forEach((column, kind) -> features.add(column + ":" + kind));
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
   * of it, or more, are empty. What is taken as it is stays small: where all columns are, a
   * thousand is enough for a loss that is NaN, and training says so.
   */
  private Dataset<Row> table(List<Row> rows, Trip trip, boolean training) {
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Row> numbered =
        IntStream.range(0, rows.size())
            .mapToObj(id -> RowFactory.create((long) id, rows.get(id)))
            .toList();
    var schema = new StructType().add("id", DataTypes.LongType).add("row", SCHEMA);
    var parallel = context.parallelize(numbered, trip.partitions);
    Dataset<Row> table =
        spark.createDataFrame(parallel.union(context.parallelize(List.<Row>of(), 2)), schema);
    List<String> selected = new ArrayList<>(List.of("id"));
    for (String column : trip.kinds.keySet()) {
      String type = SCHEMA.apply(column).dataType().sql();
      boolean small = trip.isRaw(column) && NUMBERS.contains(column);
      selected.add(
          small
              ? "cast(row.%s %% 10 as %s) as %s".formatted(column, type, column)
              : "row." + column);
    }
    selected.add(training ? "cast(null as double) as nothing" : "cast(id as double) as nothing");
    return table.selectExpr(selected.toArray(String[]::new));
  }
}
