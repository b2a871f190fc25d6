package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/** Makes a {@link FeaturePlan} from a table. */
public final class FeaturePlanner {
  /** Rows that are looked at to learn the widths. */
  private static final int SAMPLE = 1000;

  private FeaturePlanner() {}

  /**
   * Plans the named columns, without a condition.
   *
   * @param what the table's name, for errors
   * @throws InvalidInputException when a column is missing or unusable, or no row is complete
   */
  public static FeaturePlan plan(Dataset<Row> table, List<String> names, String what) {
    return plan(table, names, List.of(), what);
  }

  /**
   * Plans the named columns; the widths that most of the first complete rows have are the plan's.
   * In the condition, columns of text, whole numbers and booleans are classes: their levels are all
   * that the table has.
   *
   * @param what the table's name, for errors
   * @throws InvalidInputException when a column is missing, unusable or named twice, a class has
   *     too many levels, or no row is complete
   */
  public static FeaturePlan plan(
      Dataset<Row> table, List<String> names, List<String> condition, String what) {
    if (names.isEmpty()) {
      throw new InvalidInputException(
          "%s: no feature columns; name them with --features, out of %s"
              .formatted(what, String.join(", ", MalformedRecords.columns(table))));
    }
    requireOnce(names, condition);
    return new FeaturePlan(
        List.copyOf(numbers(table, names, what)), condition(table, condition, what));
  }

  /** Refuses a column that is a feature and in the condition, or there twice. */
  static void requireOnce(List<String> names, List<String> condition) {
    for (String name : condition) {
      if (names.contains(name) || Collections.frequency(condition, name) > 1) {
        throw new InvalidInputException(
            "--condition %s: column '%s' is named twice; a column is a feature or in the condition, once"
                .formatted(String.join(",", condition), name));
      }
    }
  }

  /**
   * Checks that columns can be planned, by their types alone.
   *
   * @param what the table's name, for the error
   * @throws InvalidInputException naming the first one that is missing or unusable
   */
  public static void requireUsable(
      StructType schema, List<String> names, List<String> condition, String what) {
    names.forEach(name -> FeaturePlan.kind(schema, name, what));
    for (String name : condition) {
      if (!FeaturePlan.isClass(schema, name, what)) {
        FeaturePlan.kind(schema, name, what);
      }
    }
  }

  /** Plans a condition. */
  static Condition condition(Dataset<Row> table, List<String> names, String what) {
    var classes = new ArrayList<ClassColumn>();
    var numbers = new ArrayList<String>();
    for (String name : names) {
      if (FeaturePlan.isClass(table.schema(), name, what)) {
        classes.add(new ClassColumn(name, levels(table, name, what)));
      } else {
        numbers.add(name);
      }
    }
    return new Condition(classes, numbers.isEmpty() ? List.of() : numbers(table, numbers, what));
  }

  /** A class's levels: whole numbers by size, else as text is sorted. */
  private static List<String> levels(Dataset<Row> table, String name, String what) {
    Column column = quoted(name);
    List<String> levels =
        MalformedRecords.dropped(table)
            .select(ColumnPath.column(table.schema(), name).as(name))
            .where(column.isNotNull())
            .distinct()
            .limit(ClassColumn.MOST_LEVELS + 1)
            .sort(column)
            .select(column.cast(DataTypes.StringType))
            .as(Encoders.STRING())
            .collectAsList();
    if (levels.size() > ClassColumn.MOST_LEVELS) {
      throw new InvalidInputException(
          "%s: --condition %s: more than %,d levels; group them, or give numbers as double"
              .formatted(what, name, ClassColumn.MOST_LEVELS));
    }
    if (levels.isEmpty()) {
      throw new InvalidInputException(
          "%s: --condition %s: no row has a value; a table needs rows".formatted(what, name));
    }
    return levels;
  }

  private static List<FeatureColumn> numbers(Dataset<Row> table, List<String> names, String what) {
    var kinds = names.stream().map(n -> FeaturePlan.kind(table.schema(), n, what)).toList();
    List<Integer> widths =
        completeRows(table, names).stream()
            .map(FeaturePlanner::widths)
            .collect(Collectors.groupingBy(w -> w, LinkedHashMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: no row in which %s is set; a table needs rows"
                            .formatted(what, String.join(", ", names))))
            .getKey();
    var columns = new ArrayList<FeatureColumn>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(new FeatureColumn(names.get(i), kinds.get(i), widths.get(i)));
    }
    return columns;
  }

  /**
   * Checks that a table can be used with a plan: its columns' types, and that among its first
   * complete rows there is one of the plan's widths.
   *
   * @param what the table's name, for errors
   * @throws InvalidInputException naming the first thing that doesn't fit
   */
  public static void requireFit(FeaturePlan plan, Dataset<Row> table, String what) {
    plan.validate(table.schema(), what);
    List<FeatureColumn> numbers = plan.numbers();
    if (numbers.isEmpty()) {
      return;
    }
    List<String> names = numbers.stream().map(FeatureColumn::name).toList();
    List<Integer> expected = numbers.stream().map(FeatureColumn::width).toList();
    var found = completeRows(table, names).stream().map(FeaturePlanner::widths).toList();
    if (!found.isEmpty() && !found.contains(expected)) {
      throw new InvalidInputException(
          "%s: the model takes %s values of %s, but the rows have %s; score with the model that was"
                  .formatted(what, expected, names, found.get(0))
              + " trained on such rows");
    }
  }

  private static List<Row> completeRows(Dataset<Row> table, List<String> names) {
    Column[] columns =
        names.stream().map(name -> ColumnPath.column(table.schema(), name)).toArray(Column[]::new);
    Column complete = functions.lit(true);
    for (Column column : columns) {
      complete = complete.and(column.isNotNull());
    }
    return MalformedRecords.dropped(table).where(complete).select(columns).takeAsList(SAMPLE);
  }

  private static List<Integer> widths(Row row) {
    return IntStream.range(0, row.size()).mapToObj(i -> width(row.get(i))).toList();
  }

  private static int width(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length;
    }
    if (value instanceof Vector vector) {
      return vector.size();
    }
    return value instanceof Seq<?> list ? list.size() : 1;
  }

  /** A column by its very name, dots and all. */
  public static Column quoted(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
