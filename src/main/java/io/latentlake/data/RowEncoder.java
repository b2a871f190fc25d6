package io.latentlake.data;

import io.latentlake.spec.LikelihoodSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** How rows become features and condition: the same numbers in training and in scoring. */
public final class RowEncoder implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What one step of an unsigned byte is worth. */
  public static final float BYTE_STEP = 1f / 255f;

  private final FeaturePlan plan;
  private final Support support;
  private final boolean gaps;

  /**
   * An encoder.
   *
   * @param likelihood says which values have a density
   * @throws io.latentlake.spec.InvalidInputException when its groups are of another width
   */
  public RowEncoder(FeaturePlan plan, LikelihoodSpec likelihood) {
    this.plan = plan;
    this.support = new Support(likelihood, plan.shape());
    this.gaps = false;
  }

  private RowEncoder(FeaturePlan plan, Support support) {
    this.plan = plan;
    this.support = support;
    this.gaps = true;
  }

  /**
   * The same for rows with gaps: a number, or an element of an array or a vector, that is null or
   * NaN becomes NaN instead of a reason to reject the row.
   */
  public RowEncoder withGaps() {
    return new RowEncoder(plan, support);
  }

  public FeaturePlan plan() {
    return plan;
  }

  /** The columns of a table that {@link #bind} wants, so that Spark reads no others. */
  public Dataset<Row> select(Dataset<Row> table) {
    return table.select(columns(table).toArray(Column[]::new));
  }

  /** The same, and behind them one struct of the columns that are kept. */
  public Dataset<Row> select(Dataset<Row> table, List<String> kept) {
    if (kept.isEmpty()) { // a struct without fields is none to Spark
      return select(table);
    }
    List<Column> columns = columns(table);
    columns.add(functions.struct(kept.stream().map(FeaturePlanner::quoted).toArray(Column[]::new)));
    return table.select(columns.toArray(Column[]::new));
  }

  private List<Column> columns(Dataset<Row> table) {
    var columns = new ArrayList<Column>();
    plan.inputs().forEach(name -> columns.add(ColumnPath.column(table.schema(), name)));
    MalformedRecords.whole(table).ifPresent(columns::add);
    return columns;
  }

  /**
   * What encodes the rows of such a table.
   *
   * @param schema as {@code select} made it
   */
  public BoundEncoder bind(StructType schema) {
    return new BoundEncoder(plan, support, schema, gaps);
  }
}
