package io.latentlake.score;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.nn.RowScores;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Which columns a row's deviance comes from, the largest share first, with the value seen and the
 * one that the model expects. Not safe for use by two threads at once.
 */
final class Reasons {
  /** One reason. */
  static final StructType TYPE =
      new StructType()
          .add("feature", DataTypes.StringType, false)
          .add("share", DataTypes.DoubleType, false)
          .add("seen", DataTypes.StringType, false)
          .add("expected", DataTypes.StringType, false);

  private static final int SOME = 3;

  /**
   * What has a share of its own: a column, or one value of a column of several.
   *
   * @param column what the value is decoded by
   * @param from where its features begin
   * @param to where they end
   * @param ordinal which of the row's columns it is
   * @param element which of that column's values
   */
  private record Part(
      UTF8String name, ColumnPlan column, int from, int to, int ordinal, int element) {}

  private final Part[] parts;
  private final int most;
  private final int features;
  private final double[] shares;

  /**
   * Reasons for rows of a plan.
   *
   * @param most how many a row gets
   */
  Reasons(FeaturePlan plan, int most) {
    this.parts = parts(plan).toArray(Part[]::new);
    this.most = Math.min(most, parts.length);
    this.features = plan.shape().features();
    this.shares = new double[parts.length];
  }

  /** As many as suit a plan: some for several columns, none for an image or a vector. */
  static int suitable(FeaturePlan plan) {
    return plan.columns().size() > 1 ? Math.min(SOME, plan.columns().size()) : 0;
  }

  private static List<Part> parts(FeaturePlan plan) {
    var parts = new ArrayList<Part>();
    int at = 0;
    int ordinal = 0;
    for (ColumnPlan column : plan.columns()) {
      if (column instanceof FeatureColumn && column.width() > 1) {
        for (int i = 0; i < column.width(); i++) {
          String name = "%s[%d]".formatted(column.name(), i);
          var value = new FeatureColumn(name, FeatureColumn.Kind.NUMBER, 1);
          parts.add(new Part(UTF8String.fromString(name), value, at + i, at + i + 1, ordinal, i));
        }
      } else {
        var name = UTF8String.fromString(column.name());
        parts.add(new Part(name, column, at, at + column.width(), ordinal, 0));
      }
      at += column.width();
      ordinal++;
    }
    return parts;
  }

  /**
   * The reasons for a row.
   *
   * @param scores of its batch, with its features
   * @param row which of the batch it is
   * @param input the row as it came
   */
  ArrayData of(RowScores scores, int row, InputRow input) {
    double sum = 0;
    for (int i = 0; i < parts.length; i++) {
      // A continuous density may be above that of the row itself: no reason then.
      shares[i] = Math.max(0, sum(scores.featureDeviance(), row * features, parts[i]));
      sum += shares[i];
    }
    var reasons = new Object[most];
    for (int i = 0; i < most; i++) {
      int part = largest();
      double share = sum == 0 ? 0 : shares[part] / sum;
      reasons[i] = reason(parts[part], share, scores.mean(), row * features, input);
      shares[part] = -1;
    }
    return new GenericArrayData(reasons);
  }

  private static double sum(float[] values, int offset, Part part) {
    double sum = 0;
    for (int i = part.from; i < part.to; i++) {
      sum += values[offset + i];
    }
    return sum;
  }

  private int largest() {
    int largest = 0;
    for (int i = 1; i < shares.length; i++) {
      if (shares[i] > shares[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  private static GenericInternalRow reason(
      Part part, double share, float[] mean, int at, InputRow input) {
    return new GenericInternalRow(
        new Object[] {
          part.name,
          share,
          input.text(part.ordinal, part.element),
          UTF8String.fromString(part.column.text(mean, at + part.from))
        });
  }
}
