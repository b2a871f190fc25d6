package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.RowShape;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A condition: planned from a table, encoded behind the features, and refused. */
class ConditionTest {
  private static final String ROWS =
      """
      values (0.25, 10, 'b', true, 3.5D, array(1D, 2D)),
             (0.5,   9, 'a', false, -4D, array(3D, 4D)),
             (0.75,  9, 'c', true,   0D, array(5D, 6D)),
             (1.0, null, null, null, null, null)
      as t(x, whole, text, truth, number, numbers)""";

  private static final LikelihoodSpec BERNOULLI = new LikelihoodSpec(Family.BERNOULLI, 1);

  private static Dataset<Row> table() {
    return SharedSpark.session().sql("select * from " + ROWS);
  }

  private static FeaturePlan plan(String... condition) {
    return FeaturePlanner.plan(table(), List.of("x"), List.of(condition), "t");
  }

  /** The first row's numbers, or why it has none. */
  private static Optional<RejectReason> encode(FeaturePlan plan, Dataset<Row> table, float[] to) {
    var encoder = new RowEncoder(plan, BERNOULLI);
    Dataset<Row> columns = encoder.select(table);
    InternalRow row = InternalRows.first(columns, 1).get(0);
    return encoder.bind(columns.schema()).encode(row, to, 0);
  }

  private static RejectReason rejected(FeaturePlan plan, String row) {
    Dataset<Row> table = SharedSpark.session().sql("select " + row);
    return encode(plan, table, new float[plan.width()]).orElseThrow();
  }

  private static void assertRefused(Executable planning, String... parts) {
    var error = assertThrows(InvalidInputException.class, planning);
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }

  @Test
  void levelsAreTheTablesInOrder() {
    List<ClassColumn> condition = plan("whole", "text", "truth").condition().classes();
    assertEquals(List.of("9", "10"), condition.get(0).levels(), "by size, not as text");
    assertEquals(List.of("a", "b", "c"), condition.get(1).levels());
    assertEquals(List.of("false", "true"), condition.get(2).levels());
  }

  @Test
  void numbersStayNumbers() {
    Condition condition = plan("number", "numbers").condition();
    assertEquals(List.of(), condition.classes());
    assertEquals(
        List.of(
            new FeatureColumn("number", FeatureColumn.Kind.NUMBER, 1),
            new FeatureColumn("numbers", FeatureColumn.Kind.ARRAY, 2)),
        condition.numbers());
  }

  @Test
  void standsBehindTheFeaturesOutsideTheLikelihoodsRange() {
    FeaturePlan plan = plan("number", "whole", "text", "numbers", "truth");
    var row = new float[plan.width()];
    assertEquals(new RowShape(1, 2 + 3 + 2 + 1 + 2), plan.shape());
    assertEquals(Optional.empty(), encode(plan, table(), row));
    assertArrayEquals(new float[] {0.25f, 0, 1, 0, 1, 0, 0, 1, 3.5f, 1, 2}, row);
  }

  @Test
  void aLevelIsTheSameInColumnsOfOtherTypes() {
    FeaturePlan plan = plan("whole");
    for (String type : List.of("string", "tinyint", "smallint", "bigint")) {
      var row = new float[plan.width()];
      Dataset<Row> other = table().selectExpr("x", "cast(whole as %s) whole".formatted(type));
      FeaturePlanner.requireFit(plan, other, "other");
      assertEquals(Optional.empty(), encode(plan, other, row), type);
      assertArrayEquals(new float[] {0.25f, 0, 1}, row, type);
    }
    // Text that is no number can't be in a column of numbers: another level, not a failure.
    assertEquals(RejectReason.UNSEEN_LEVEL, rejected(plan("text"), "0.5D x, 3 text"));
    assertEquals(RejectReason.UNSEEN_LEVEL, rejected(plan("text"), "0.5D x, true text"));
  }

  @Test
  void everyReasonToRejectARow() {
    assertEquals(RejectReason.UNSEEN_LEVEL, rejected(plan("text"), "0.5D x, 'd' text"));
    assertEquals(RejectReason.UNSEEN_LEVEL, rejected(plan("whole"), "0.5D x, 11 whole"));
    assertEquals(RejectReason.NULL_CONDITION, rejected(plan("text"), "0.5D x, string(null) text"));
    assertEquals(RejectReason.NULL_VALUE, rejected(plan("text"), "double(null) x, 'a' text"));
    assertEquals(RejectReason.OUT_OF_RANGE, rejected(plan("text"), "1.5D x, 'a' text"));
    assertEquals(
        RejectReason.NOT_A_NUMBER, rejected(plan("number"), "0.5D x, double('NaN') number"));
    assertEquals(RejectReason.INFINITE_VALUE, rejected(plan("number"), "0.5D x, 1e300D number"));
    assertEquals(RejectReason.WRONG_LENGTH, rejected(plan("numbers"), "0.5D x, array(1D) numbers"));
  }

  @Test
  void classesPackAsBytes() {
    var image = new FeatureColumn("image", FeatureColumn.Kind.BYTES, 4);
    var kind = new Condition(List.of(new ClassColumn("kind", List.of("a", "b"))), List.of());
    assertTrue(new FeaturePlan(List.of(image), kind).allBytes());
    assertFalse(
        new FeaturePlan(List.of(image), plan("number").condition()).allBytes(), "3.5 is no byte");
    // What a packed 1 unpacks to.
    assertEquals(1f, 255 * RowEncoder.BYTE_STEP);
  }

  @Test
  void valuesGivenAsText() {
    Condition condition = plan("numbers", "whole", "text").condition();
    assertArrayEquals(
        new float[] {1, 0, 0, 0, 1, 2.5f, -1}, condition.of(List.of("9", "c", "2.5", "-1")));
    assertRefused(() -> condition.of(List.of("9")), "takes 4", "whole, text, numbers");
    assertRefused(() -> condition.of(List.of("8", "c", "1", "2")), "whole = 8", "9, 10");
    assertRefused(() -> condition.of(List.of("9", "c", "one", "2")), "condition one");
    assertRefused(() -> condition.of(List.of("9", "c", "NaN", "2")), "finite");
  }

  @Test
  void whatCantBeACondition() {
    assertRefused(() -> plan("x"), "--condition x", "named twice");
    assertRefused(() -> plan("text", "text"), "text,text", "named twice");
    assertRefused(() -> plan("colour"), "no column 'colour'");
    Dataset<Row> ids = SharedSpark.session().range(1001).selectExpr("double(id) x", "id");
    assertRefused(
        () -> FeaturePlanner.plan(ids, List.of("x"), List.of("id"), "ids"),
        "ids: --condition id: more than 1,000 levels",
        "as double");
    assertEquals(
        1000,
        FeaturePlanner.plan(ids.where("id < 1000"), List.of("x"), List.of("id"), "ids")
            .shape()
            .condition());
    assertRefused(
        () -> FeaturePlanner.requireFit(plan("text"), table().drop("text"), "other"),
        "other: no column 'text'");
    assertRefused(
        () ->
            FeaturePlanner.requireFit(
                plan("text"), table().withColumn("text", functions.lit(0.5)), "other"),
        "'text' is double",
        "trained on a class");
  }
}
