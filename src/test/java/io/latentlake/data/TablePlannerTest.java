package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.data.ScaledNumber.Scaling;
import io.latentlake.data.TimeParts.Part;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is chosen for columns of known distributions, what may be asked for, and what is refused.
 */
class TablePlannerTest {
  private static final int ROWS = 4000;

  private static Dataset<Row> table() {
    return SharedSpark.session()
        .range(0, ROWS, 1, 4)
        .selectExpr(
            "id",
            "randn(1) * 5 + 7 as normal",
            "exp(2 * randn(2)) as skewed",
            "cast(exp(3 * rand(3) * rand(4) * rand(5)) * 2 as int) as whole",
            "randn(6) / (0.3 + abs(randn(7))) as tailed",
            "concat('level-', int(40 * rand(8))) as some",
            "concat('level-', int(900 * rand(9))) as many",
            "concat('order ', id) as code",
            "id % 4 = 0 as open",
            "timestamp_seconds(1700000000 + id) as hour",
            "timestamp_seconds(1700000000 + id * 500) as month",
            "date_add(date'2020-01-01', int(id % 500)) as year",
            "cast(null as double) as nothing",
            "array(1d) as list",
            "5.0d as constant");
  }

  private static TablePlan plan(String... features) {
    Dataset<Row> table = table();
    return TablePlanner.plan(
        table, FeatureRequest.of(List.of(features), List.of(), table.schema()), List.of(), "table");
  }

  private static ColumnPlan column(TablePlan plan, String name) {
    return plan.features().columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void valuesDecideWhatIsChosen() {
    TablePlan plan = plan("auto");

    var normal = (ScaledNumber) column(plan, "normal");
    assertEquals(Scaling.STANDARD, normal.scaling());
    assertEquals(7, normal.center(), 0.3);
    assertEquals(5, normal.scale(), 0.2);
    var skewed = (ScaledNumber) column(plan, "skewed");
    assertTrue(skewed.unit() > 0);
    assertTrue(((ScaledNumber) column(plan, "whole")).whole());
    var tailed = (ScaledNumber) column(plan, "tailed");
    assertEquals(Scaling.ROBUST, tailed.scaling());
    assertEquals(0, tailed.unit());
    assertEquals(41, column(plan, "some").width());
    assertEquals(64, ((HashedCategory) column(plan, "many")).buckets());
    assertEquals(0.25, ((Flag) column(plan, "open")).share());
    assertEquals(List.of(Part.HOUR, Part.WEEKDAY), ((TimeParts) column(plan, "month")).parts());
    assertEquals(List.of(Part.WEEKDAY, Part.DAY), ((TimeParts) column(plan, "year")).parts());
    assertEquals(1, ((ScaledNumber) column(plan, "constant")).scale());
    assertEquals(
        List.of("list", "code", "hour", "nothing"),
        plan.leftOut().stream().map(LeftOut::column).toList());
  }

  /** A name that leads elsewhere, or nowhere, leads to none of a struct's fields. */
  @Test
  void fieldsOfStructs() {
    Dataset<Row> nested =
        SharedSpark.session()
            .range(0, 100)
            .selectExpr(
                "if(id = 7, null, named_struct('amount', rand(1), 'inner',"
                    + " named_struct('open', id % 3 = 0, 'id', id), 'list', array(1d))) as order",
                "rand(2) as `taken.size`",
                "named_struct('size', rand(3)) as taken",
                "named_struct('a.b', rand(4)) as dotted",
                "named_struct('size', rand(5)) as gone");
    var request =
        FeatureRequest.of(
            List.of("auto", "order.amount:robust"),
            List.of("order.inner.id", "gone"),
            nested.schema());
    TablePlan plan = TablePlanner.plan(nested, request, List.of(), "table");
    assertEquals(
        List.of("order.inner.open", "order.amount", "taken.size"), plan.features().names());
    assertEquals(Scaling.ROBUST, ((ScaledNumber) column(plan, "order.amount")).scaling());
    assertEquals(0.01, column(plan, "order.amount").missing(), 1e-9);
    assertEquals(
        List.of("order.list", "taken", "dotted"),
        plan.leftOut().stream().map(LeftOut::column).toList());
    assertThrows(
        InvalidInputException.class,
        () -> FeatureRequest.of(List.of("auto"), List.of("order.none"), nested.schema()));
  }

  /** As doubles are from 2⁵² on; read back as one, it would be clipped to the largest long. */
  @Test
  void aNumberThatNoLongHoldsIsNotTakenForAWholeOne() {
    Dataset<Row> far =
        SharedSpark.session().sql("select explode(array(0d, 1d, -5.5e127d)) as amount");
    var request = FeatureRequest.of(List.of("auto"), List.of(), far.schema());
    TablePlan plan = TablePlanner.plan(far, request, List.of(), "table");
    assertFalse(((ScaledNumber) column(plan, "amount")).whole());
  }

  @Test
  void aKindThatIsAskedForIsGiven() {
    TablePlan plan =
        plan("normal:robust", "tailed:log", "whole:category", "some:hash", "hour:timestamp");

    assertEquals(List.of("normal", "tailed", "hour", "whole", "some"), plan.features().names());
    var normal = (ScaledNumber) column(plan, "normal");
    assertEquals(Scaling.ROBUST, normal.scaling());
    assertEquals(7, normal.center(), 0.3);
    assertEquals(5, normal.scale(), 0.3);
    assertTrue(((ScaledNumber) column(plan, "tailed")).unit() > 0);
    assertTrue(column(plan, "whole") instanceof Category);
    assertEquals(5, column(plan, "hour").width());
    assertEquals(5 + 2, firstOf(plan, "some") - column(plan, "whole").width());
  }

  private static int firstOf(TablePlan plan, String name) {
    return plan.features().columns().stream()
        .takeWhile(column -> !column.name().equals(name))
        .mapToInt(ColumnPlan::width)
        .sum();
  }

  /** Features of quantiles that are exact don't depend on how the table is split. */
  @Test
  void partitionsChangeNothing() {
    Dataset<Row> table = table().localCheckpoint();
    var request = FeatureRequest.of(List.of("auto"), List.of("id"), table.schema());
    FeaturePlan split = TablePlanner.plan(table, request, List.of(), "t").features();
    FeaturePlan whole = TablePlanner.plan(table.coalesce(1), request, List.of(), "t").features();

    assertEquals(whole, split);
  }

  @Test
  void valuesAreToldAsPeopleReadThem() {
    var plan =
        new FeaturePlan(
            List.of(
                new ScaledNumber("amount", Scaling.STANDARD, 0, 100, 10, false, 0),
                new ScaledNumber("items", Scaling.ROBUST, 1, 1, 2, true, 0),
                new Category("color", List.of("red", "blue"), 0.1, 0),
                new Flag("open", 0.5, 0),
                new TimeParts("when", List.of(Part.HOUR, Part.DAY), 19_000, 10, 0)));
    float[] features = {0.5f, 0, 0.2f, 0.7f, 0.1f, 0.4f, 1, 0, 0.1f};

    assertEquals(
        List.of("105", "2", "blue", "false", "2022-01-09 06:00:00"), texts(plan, features));
    float[] gaps = {Float.NaN, Float.NaN, Float.NaN, 0, 0, Float.NaN, Float.NaN, 0, 0};
    assertEquals(List.of("missing", "missing", "missing", "missing", "missing"), texts(plan, gaps));
  }

  private static List<String> texts(FeaturePlan plan, float[] features) {
    var texts = new ArrayList<String>();
    int at = 0;
    for (ColumnPlan column : plan.columns()) {
      texts.add(column.text(features, at));
      at += column.width();
    }
    return texts;
  }

  /** A service's row, which may lack values too. */
  @Test
  void plainRowsBecomeTheSameFeatures() {
    var plan =
        new FeaturePlan(
            List.of(
                new ScaledNumber("amount", Scaling.STANDARD, 0, 100, 10, false, 0),
                new Category("color", List.of("red", "blue"), 0.1, 0),
                new TimeParts("when", List.of(Part.WEEKDAY), 0, 1, 0)));
    var encoder =
        new PlainRowEncoder(new RowEncoder(plan, plan.likelihood(LikelihoodSpec.of(Family.AUTO))));
    var features = new float[plan.width()];
    var row = new HashMap<String, Object>();
    row.put("amount", null);
    row.put("color", "blue");
    row.put("when", null);

    assertTrue(encoder.encode(row, features).isEmpty());
    assertArrayEquals(new float[] {Float.NaN, 0, 1, 0, Float.NaN, Float.NaN}, features);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          normal:logarithm    | unknown kind 'logarithm'; the kinds are auto, raw, standard
          some:log            | the column is string; it can be auto, category, hash
          normal,normal:log   | column 'normal' is named twice
          auto,unknown:log    | no column 'unknown'
          auto,nothing:log    | has no value in any row
          auto,code           | is another in nearly every row
          """)
  void whatCantBeIsRefused(String features, String expected) {
    var error = assertThrows(InvalidInputException.class, () -> plan(features.split(",")));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"kind":"number","name":"x","width":16777217}                            | at most 16,777,216
          {"kind":"hashed-category","name":"x","buckets":2000000000,"missing":0.0} | must be from 2 to 1,000
          {"kind":"category","name":"x","levels":[],"others":0.0,"missing":0.0}    | needs a name and levels
          {"kind":"time","name":"x","parts":["day"],"center":0.0,"scale":0.0,"missing":0.0} | the scale above 0
          {"kind":"java.lang.Runtime","name":"x","width":1}                        | java.lang.Runtime
          """)
  void aDocumentThatIsHostileIsRefused(String json, String expected) {
    var error =
        assertThrows(
            Exception.class,
            () -> new FeaturePlan(List.of(Json.MAPPER.readValue(json, ColumnPlan.class))));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
  }
}
