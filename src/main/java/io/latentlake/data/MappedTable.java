package io.latentlake.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.CreateStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.DeserializeToObject;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A table that is worked through by partitions when, and as often as, Spark runs what is made of
 * it. It is a part of Spark's plan: nothing runs before, not even a shuffle below it, and a stream
 * may be worked through so too. Rows are Spark's own, as in {@link InternalRows}: {@code
 * Dataset.mapPartitions}, but with neither an object for every array element on the way in nor one
 * for every row on the way out.
 */
public final class MappedTable {
  private MappedTable() {}

  /** Makes other rows of a partition's. */
  public interface PartitionFunction extends Serializable {
    /** The other rows; both iterators may give the same object again and again. */
    Iterator<InternalRow> apply(Iterator<InternalRow> rows);
  }

  /**
   * The table that the function makes.
   *
   * @param made the columns of the rows that it gives; one without a name is left out
   */
  public static Dataset<Row> of(Dataset<Row> table, StructType made, PartitionFunction function) {
    LogicalPlan input = table.queryExecution().analyzed();
    var columns =
        new ArrayList<Expression>(JavaConverters.seqAsJavaListConverter(input.output()).asJava());
    Expression row = CreateStruct.apply(seq(columns));
    Attribute given = attribute("given", made);
    LogicalPlan read = new DeserializeToObject(row, attribute("read", row.dataType()), input);
    LogicalPlan mapped = new MapPartitions(new Adapter(function), given, read);
    return Dataset.ofRows(table.sparkSession(), new Project(seq(named(given, made)), mapped));
  }

  private static List<NamedExpression> named(Attribute row, StructType columns) {
    var named = new ArrayList<NamedExpression>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.fields()[i].name();
      if (!name.isEmpty()) {
        named.add(
            new Alias(
                new GetStructField(row, i, Option.empty()),
                name,
                NamedExpression.newExprId(),
                seq(List.of()),
                Option.empty(),
                seq(List.of())));
      }
    }
    return named;
  }

  private static Attribute attribute(String name, DataType type) {
    return new AttributeReference(
        name, type, false, Metadata.empty(), NamedExpression.newExprId(), seq(List.of()));
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBufferConverter(list).asScala().toList();
  }

  /** The function as Spark's plan takes it. */
  private record Adapter(PartitionFunction function)
      implements Function1<scala.collection.Iterator<Object>, scala.collection.Iterator<Object>>,
          Serializable {
    @Override
    public scala.collection.Iterator<Object> apply(scala.collection.Iterator<Object> rows) {
      Iterator<InternalRow> made =
          function.apply(cast(JavaConverters.asJavaIteratorConverter(rows).asJava()));
      return JavaConverters.asScalaIteratorConverter(MappedTable.<Object>cast(made)).asScala();
    }
  }

  /** The same iterator: every element is an internal row, whatever its type says. */
  @SuppressWarnings("unchecked")
  private static <T> Iterator<T> cast(Iterator<?> rows) {
    return (Iterator<T>) rows;
  }
}
