package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Rows to features: every kind of column, and every reason to reject a row. */
class RowEncoderTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("bytes", DataTypes.BinaryType)
          .add("vector", SQLDataTypes.VectorType())
          .add("array", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("number", DataTypes.LongType);
  private static final FeaturePlan PLAN =
      new FeaturePlan(
          List.of(
              new FeatureColumn("bytes", FeatureColumn.Kind.BYTES, 2),
              new FeatureColumn("vector", FeatureColumn.Kind.VECTOR, 2),
              new FeatureColumn("array", FeatureColumn.Kind.ARRAY, 2),
              new FeatureColumn("number", FeatureColumn.Kind.NUMBER, 1)));

  private final BoundEncoder gaussian =
      new RowEncoder(PLAN, new LikelihoodSpec(Family.GAUSSIAN, 1)).bind(SCHEMA);
  private final BoundEncoder bernoulli =
      new RowEncoder(PLAN, new LikelihoodSpec(Family.BERNOULLI, 1)).bind(SCHEMA);

  @Test
  void columnsStandOneBehindTheOther() {
    var features = new float[8];
    InternalRow row =
        row(new byte[] {0, (byte) 255}, Vectors.sparse(2, new int[] {1}, new double[] {7}));
    assertEquals(Optional.empty(), gaussian.encode(row, features, 1));
    assertArrayEquals(new float[] {0, 0, 1, 0, 7, 2.5f, -3, 4}, features);
  }

  @Test
  void everyReasonToRejectARow() {
    byte[] two = {1, 2};
    var vector = Vectors.dense(0, 1);
    assertRejected(RejectReason.NULL_VALUE, gaussian, row(null, vector));
    assertRejected(RejectReason.NULL_VALUE, gaussian, row(two, null));
    assertRejected(RejectReason.NULL_VALUE, gaussian, row(two, vector, Arrays.asList(1.0, null)));
    assertRejected(RejectReason.WRONG_LENGTH, gaussian, row(new byte[3], vector));
    assertRejected(RejectReason.WRONG_LENGTH, gaussian, row(two, Vectors.dense(1)));
    assertRejected(RejectReason.WRONG_LENGTH, gaussian, row(two, vector, List.of()));
    assertRejected(RejectReason.NOT_A_NUMBER, gaussian, row(two, Vectors.dense(0, Double.NaN)));
    assertRejected(
        RejectReason.INFINITE_VALUE, gaussian, row(two, vector, List.of(0.0, -1.0 / 0.0)));
    // Finite as a double, but not as the float that the network computes with.
    assertRejected(RejectReason.INFINITE_VALUE, gaussian, row(two, vector, List.of(0.0, 1e300)));
    assertRejected(RejectReason.OUT_OF_RANGE, bernoulli, row(two, vector, List.of(0.5, 1.5)));
    // A fill value whose square is no float.
    assertRejected(RejectReason.OUT_OF_RANGE, gaussian, row(two, vector, List.of(0.0, 9.97e36)));
    assertRejected(RejectReason.OUT_OF_RANGE, bernoulli, row(two, vector, List.of(-0.1, 1.0)));
  }

  @Test
  void eachColumnHasTheRangeOfItsGroup() {
    BoundEncoder mixed =
        new RowEncoder(
                PLAN,
                mixed(
                    new Group(Family.BERNOULLI, 2),
                    new Group(Family.CATEGORICAL, 2),
                    new Group(Family.GAUSSIAN, 1),
                    new Group(Family.CONTINUOUS_BERNOULLI, 1),
                    new Group(Family.LAPLACE, 1)))
            .bind(SCHEMA);
    byte[] two = {1, 2};
    var half = Vectors.dense(0.5, 0.5);
    assertAccepted(mixed, row(two, half, List.of(-7.0, 1.0)));
    assertAccepted(mixed, row(two, Vectors.dense(0, 1), List.of(7.0, 0.0)));
    assertRejected(RejectReason.OUT_OF_RANGE, mixed, row(two, half, List.of(1.0, -7.0)));
    assertRejected(RejectReason.OUT_OF_RANGE, mixed, row(two, half, List.of(1e17, 1.0)));
    assertRejected(
        RejectReason.OUT_OF_RANGE, mixed, row(two, Vectors.dense(2, -1), List.of(1.0, 1.0)));
  }

  @Test
  void probabilitiesOfACategorySumToOne() {
    var plan = new FeaturePlan(List.of(new FeatureColumn("kind", FeatureColumn.Kind.BYTES, 3)));
    var schema = new StructType().add("kind", DataTypes.BinaryType);
    BoundEncoder encoder = new RowEncoder(plan, LikelihoodSpec.of(Family.CATEGORICAL)).bind(schema);
    // A third each, as bytes can say it: 85/255; and a half each, which they can't.
    assertAccepted(encoder, bytes(85, 85, 85));
    assertAccepted(encoder, bytes(0, 128, 128));
    assertAccepted(encoder, bytes(0, 255, 0));
    assertRejected(RejectReason.OUT_OF_RANGE, encoder, bytes(0, 0, 0));
    assertRejected(RejectReason.OUT_OF_RANGE, encoder, bytes(0, 1, 0));
    assertRejected(RejectReason.OUT_OF_RANGE, encoder, bytes(255, 9, 0));
  }

  @Test
  void groupsOfAnotherWidthAreRefused() {
    LikelihoodSpec likelihood = mixed(new Group(Family.LAPLACE, 3), new Group(Family.GAUSSIAN, 5));
    var error = assertThrows(InvalidInputException.class, () -> new RowEncoder(PLAN, likelihood));
    assertTrue(error.getMessage().contains("3 + 5 = 8"), error.getMessage());
    assertTrue(error.getMessage().contains("7 features"), error.getMessage());
  }

  private static LikelihoodSpec mixed(Group... groups) {
    return new LikelihoodSpec(Family.MIXED, 1, 1, List.of(groups));
  }

  private static void assertAccepted(BoundEncoder encoder, InternalRow row) {
    assertEquals(Optional.empty(), encoder.encode(row, new float[encoder.width()], 0));
  }

  private static void assertRejected(RejectReason reason, BoundEncoder encoder, InternalRow row) {
    assertEquals(Optional.of(reason), encoder.encode(row, new float[7], 0));
  }

  private static InternalRow bytes(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new GenericInternalRow(new Object[] {bytes});
  }

  private static InternalRow row(byte[] bytes, Object vector) {
    return row(bytes, vector, List.of(2.5, -3.0));
  }

  private static InternalRow row(byte[] bytes, Object vector, List<Double> array) {
    Row row = RowFactory.create(bytes, vector, array.toArray(), 4L);
    return (InternalRow) CatalystTypeConverters.createToCatalystConverter(SCHEMA).apply(row);
  }
}
