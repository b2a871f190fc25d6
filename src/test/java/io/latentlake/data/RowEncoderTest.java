package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
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

  private static void assertRejected(RejectReason reason, BoundEncoder encoder, InternalRow row) {
    assertEquals(Optional.of(reason), encoder.encode(row, new float[7], 0));
  }

  private static InternalRow row(byte[] bytes, Object vector) {
    return row(bytes, vector, List.of(2.5, -3.0));
  }

  private static InternalRow row(byte[] bytes, Object vector, List<Double> array) {
    Row row = RowFactory.create(bytes, vector, array.toArray(), 4L);
    return (InternalRow) CatalystTypeConverters.createToCatalystConverter(SCHEMA).apply(row);
  }
}
