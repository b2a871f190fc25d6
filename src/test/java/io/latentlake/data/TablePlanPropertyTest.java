package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.latentlake.SharedSpark;
import io.latentlake.spec.Json;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Plans of any table: every row becomes features or is rejected, once, features are finite or
 * missing, and what is read back from them becomes the same features.
 */
class TablePlanPropertyTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("amount", DataTypes.DoubleType)
          .add("count", DataTypes.IntegerType)
          .add("color", DataTypes.StringType)
          .add("open", DataTypes.BooleanType)
          .add("day", DataTypes.DateType)
          .add("time", DataTypes.TimestampType);

  /** All columns, and one of each kind that isn't chosen by itself. */
  private static final List<String> FEATURES =
      List.of("auto", "count:category", "day:timestamp", "time:timestamp");

  @Provide
  Arbitrary<List<Row>> rows() {
    Arbitrary<Double> amounts =
        Arbitraries.oneOf(
            Arbitraries.doubles().between(-1e3, 1e3),
            Arbitraries.doubles(),
            Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    Arbitrary<String> colors =
        Arbitraries.oneOf(Arbitraries.of("", "red", "blue"), Arbitraries.strings().ofMaxLength(4));
    Arbitrary<Long> seconds = Arbitraries.longs().between(-1_000_000_000L, 4_000_000_000L);
    return Combinators.combine(
            amounts.injectNull(0.2),
            Arbitraries.integers().injectNull(0.2),
            colors.injectNull(0.2),
            Arbitraries.of(true, false).injectNull(0.2),
            seconds.map(each -> new Date(1000 * each)).injectNull(0.2),
            seconds.map(each -> new Timestamp(1000 * each)).injectNull(0.2))
        .as((a, b, c, d, e, f) -> RowFactory.create(a, b, c, d, e, f))
        .list()
        .ofMaxSize(30);
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void everyRowBecomesFeaturesOrIsRejected(
      @ForAll("rows") List<Row> trained,
      @ForAll("rows") List<Row> scored,
      @ForAll @IntRange(min = 1, max = 5) int partitions)
      throws JsonProcessingException {
    List<Row> complete = new ArrayList<>(trained);
    complete.add(RowFactory.create(1.0, 2, "red", true, new Date(0), new Timestamp(86_400_000L)));
    FeaturePlan plan = plan(complete, partitions);

    assertEquals(plan, throughJson(plan));
    List<float[]> encoded = encode(encoder(plan), table(scored, partitions));
    List<Row> kept = scored.stream().filter(row -> isUsable(row, plan)).toList();
    assertEquals(kept.size(), encoded.size());
    List<String> columnOf =
        plan.columns().stream()
            .flatMap(column -> Collections.nCopies(column.width(), column.name()).stream())
            .toList();
    assertEquals(plan.width(), columnOf.size());
    for (int row = 0; row < encoded.size(); row++) {
      for (int i = 0; i < plan.width(); i++) {
        String column = columnOf.get(i);
        float feature = encoded.get(row)[i];
        assertEquals(isMissing(kept.get(row), column), Float.isNaN(feature), column);
        assertTrue(!Float.isInfinite(feature), column);
      }
    }
  }

  private static boolean isUsable(Row row, FeaturePlan plan) {
    Double amount = row.getAs(0);
    boolean infinite = amount != null && amount.isInfinite();
    return !infinite && !plan.names().stream().allMatch(column -> isMissing(row, column));
  }

  private static boolean isMissing(Row row, String column) {
    Object value = row.get(SCHEMA.fieldIndex(column));
    return value == null || value.equals(Double.NaN);
  }

  private static FeaturePlan plan(List<Row> rows, int partitions) {
    Dataset<Row> table = table(rows, partitions);
    var request = FeatureRequest.of(FEATURES, List.of(), table.schema());
    return TablePlanner.plan(table, request, List.of(), "table").features();
  }

  /** More partitions than rows leave some empty. */
  private static Dataset<Row> table(List<Row> rows, int partitions) {
    var spark = JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    return SharedSpark.session().createDataFrame(spark.parallelize(rows, partitions), SCHEMA);
  }

  private static FeaturePlan throughJson(FeaturePlan plan) throws JsonProcessingException {
    String json =
        Json.MAPPER
            .writerFor(new TypeReference<List<ColumnPlan>>() {})
            .writeValueAsString(plan.columns());
    return new FeaturePlan(Json.MAPPER.readValue(json, new TypeReference<List<ColumnPlan>>() {}));
  }

  private static RowEncoder encoder(FeaturePlan plan) {
    return new RowEncoder(plan, plan.likelihood(LikelihoodSpec.of(Family.AUTO)));
  }

  private static List<float[]> encode(RowEncoder encoder, Dataset<Row> table) {
    Dataset<Row> selected = encoder.select(table);
    BoundEncoder bound = encoder.bind(selected.schema());
    var encoded = new ArrayList<float[]>();
    for (InternalRow row : InternalRows.first(selected, Integer.MAX_VALUE - 1)) {
      var features = new float[encoder.plan().width()];
      Optional<RejectReason> rejected = bound.encode(row, features, 0);
      if (rejected.isEmpty()) {
        encoded.add(features);
      } else {
        var expected = Set.of(RejectReason.INFINITE_VALUE, RejectReason.ALL_MISSING);
        assertTrue(expected.contains(rejected.get()), rejected.get()::name);
      }
    }
    return encoded;
  }

  /** What was lost in the features is lost once: the values that they stand for give them back. */
  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void valuesReadBackBecomeTheSameFeatures(@ForAll("rows") List<Row> rows) {
    List<Row> complete = new ArrayList<>(rows);
    complete.add(RowFactory.create(1.0, 2, "red", true, new Date(0), new Timestamp(86_400_000L)));
    FeaturePlan plan = plan(complete, 2);
    // A level without a name may be all that a row has, and none is left when it is read back.
    RowEncoder encoder = encoder(plan).withGaps();
    List<float[]> features = encode(encoder, table(complete, 1));

    List<float[]> again = encode(encoder, readBack(plan, features));

    assertEquals(features.size(), again.size());
    for (int row = 0; row < features.size(); row++) {
      int at = 0;
      for (ColumnPlan column : plan.columns()) {
        // A level that isn't one of the frequent ones has no name to be read back.
        boolean named = !column.text(features.get(row), at).equals("another");
        for (int i = at; named && i < at + column.width(); i++) {
          assertClose(features.get(row)[i], again.get(row)[i], column);
        }
        at += column.width();
      }
    }
  }

  /** A number is read back in six digits, which may be coarse beside its column's scale. */
  private static void assertClose(float expected, float actual, ColumnPlan column) {
    double digits =
        column instanceof ScaledNumber number
            ? 1e-5 * Math.abs(number.center()) / number.scale()
            : 0;
    double tolerance = 2e-3 + 1e-4 * Math.abs(expected) + digits;
    boolean close = Math.abs(actual - expected) <= tolerance;
    assertTrue(
        close || (Float.isNaN(expected) && Float.isNaN(actual)),
        column.name() + ": " + expected + " came back as " + actual);
  }

  private static Dataset<Row> readBack(FeaturePlan plan, List<float[]> features) {
    List<Row> rows = features.stream().map(each -> RowFactory.create((Object) each)).toList();
    var schema =
        new StructType().add("values", DataTypes.createArrayType(DataTypes.FloatType, false));
    Dataset<Row> table = SharedSpark.session().createDataFrame(rows, schema);
    return FeatureColumns.unfold(table, plan, "values", UnaryOperator.identity());
  }
}
