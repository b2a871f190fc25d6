package io.latentlake.data;

import com.typesafe.config.ConfigException;
import io.latentlake.spec.Hocon;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that {@code --features} asks for and what they are to become: {@code auto} is every
 * column that can be a feature, and of structs every field, {@code name:kind} one column, and a
 * name alone is planned as {@code auto} says as soon as anything else is. A program may ask by
 * columns and a text of their kinds.
 *
 * @param kinds what each column is to become, in order
 * @param named those that were asked for by name
 * @param planned whether anything is to be learned of the table; else all columns are raw
 */
public record FeatureRequest(Map<String, FeatureKind> kinds, List<String> named, boolean planned) {
  private static final String ALL = "auto";

  /**
   * Reads a request.
   *
   * @param features as above
   * @param exclude columns and fields that {@code auto} leaves out
   * @param table its columns
   * @throws InvalidInputException when a column is named twice, or something is left out of nothing
   */
  public static FeatureRequest of(List<String> features, List<String> exclude, StructType table) {
    List<String> columns = List.of(table.fieldNames());
    boolean all = features.contains(ALL) && !columns.contains(ALL);
    var named = new LinkedHashMap<String, FeatureKind>();
    boolean planned = all;
    for (String feature : features) {
      if (all && feature.equals(ALL)) {
        continue;
      }
      int colon = feature.lastIndexOf(':');
      boolean plain = colon < 0 || columns.contains(feature);
      planned |= !plain;
      String name = plain ? feature : feature.substring(0, colon);
      FeatureKind kind = plain ? FeatureKind.AUTO : kind(feature, feature.substring(colon + 1));
      if (named.put(name, kind) != null) {
        throw new InvalidInputException(
            "--features %s: column '%s' is named twice"
                .formatted(String.join(",", features), name));
      }
    }
    if (!all && !exclude.isEmpty()) {
      throw new InvalidInputException(
          "--exclude %s: only --features auto takes columns that aren't named; leave it out"
              .formatted(String.join(",", exclude)));
    }
    return new FeatureRequest(
        all ? everything(named, exclude, table) : named, List.copyOf(named.keySet()), planned);
  }

  /** The columns' values as they are. */
  public static FeatureRequest raw(List<String> columns) {
    return of(columns, Map.of(), false);
  }

  /**
   * Plans columns.
   *
   * @param kinds {@code auto}, or what {@link #kinds(String)} reads
   * @throws InvalidInputException when a column is named twice, or a kind is of none of them
   */
  public static FeatureRequest planned(List<String> columns, String kinds) {
    Map<String, FeatureKind> others = kinds(kinds);
    for (String name : others.keySet()) {
      if (!columns.contains(name)) {
        throw new InvalidInputException(
            "feature plan: names the kind of '%s', which is none of the columns %s"
                .formatted(name, String.join(", ", columns)));
      }
    }
    return of(columns, others, true);
  }

  private static FeatureRequest of(
      List<String> columns, Map<String, FeatureKind> others, boolean planned) {
    var kinds = new LinkedHashMap<String, FeatureKind>();
    for (String name : columns) {
      if (kinds.put(name, others.getOrDefault(name, FeatureKind.AUTO)) != null) {
        throw new InvalidInputException("features: column '%s' is named twice".formatted(name));
      }
    }
    return new FeatureRequest(kinds, List.copyOf(columns), planned);
  }

  /**
   * Reads the kinds of columns.
   *
   * @param text {@code auto}, or HOCON such as {@code { amount = log, order.country = category }};
   *     a path is a column's name, quoted or not
   * @throws InvalidInputException when it is neither, or there is no such kind
   */
  public static Map<String, FeatureKind> kinds(String text) {
    if (text.equals(ALL)) {
      return Map.of();
    }
    var kinds = new LinkedHashMap<String, FeatureKind>();
    try {
      putKinds("", Hocon.parse(text).root().unwrapped(), kinds);
    } catch (ConfigException e) {
      throw new InvalidInputException(
          "feature plan %s: must be auto, or each column's kind in HOCON such as { amount = log } (%s)"
              .formatted(text, e.getMessage()),
          e);
    }
    return kinds;
  }

  private static void putKinds(String before, Map<?, ?> tree, Map<String, FeatureKind> kinds) {
    tree.forEach(
        (key, value) -> {
          String name = before + key;
          if (value instanceof Map<?, ?> below && !below.isEmpty()) {
            putKinds(name + ".", below, kinds);
          } else if (kinds.put(name, kind(name + ":" + value, String.valueOf(value))) != null) {
            throw new InvalidInputException(
                "feature plan: column '%s' is named twice".formatted(name));
          }
        });
  }

  /**
   * Checks that columns can be planned, by their types alone.
   *
   * @param condition columns that none are features
   * @param what the table's name, for the error
   * @throws InvalidInputException naming the first one that is missing or unusable
   */
  public void requireUsable(StructType schema, List<String> condition, String what) {
    FeaturePlanner.requireUsable(
        schema, planned ? List.of() : List.copyOf(kinds.keySet()), condition, what);
    if (planned) {
      kinds.forEach((name, kind) -> requireUsable(name, kind, schema, what));
    }
  }

  private static void requireUsable(String name, FeatureKind kind, StructType schema, String what) {
    DataType type = FeaturePlan.type(schema, name, what);
    kind.requireType(name, type);
    if (kind != FeatureKind.RAW && kind.sketch(type).isEmpty()) {
      throw new InvalidInputException(
          "%s: column '%s' is %s, which can't be planned; leave it out, or take its values as they are by the kind raw"
              .formatted(what, name, type.simpleString()));
    }
  }

  private static FeatureKind kind(String feature, String label) {
    return FeatureKind.named(label)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--features %s: unknown kind '%s'; the kinds are %s"
                        .formatted(
                            feature,
                            label,
                            Arrays.stream(FeatureKind.values())
                                .map(FeatureKind::label)
                                .collect(Collectors.joining(", ")))));
  }

  private static Map<String, FeatureKind> everything(
      Map<String, FeatureKind> named, List<String> exclude, StructType table) {
    for (String name : exclude) {
      if (ColumnPath.type(table, name).isEmpty()) {
        throw new InvalidInputException(
            "--exclude %s: no such column; the table's are %s"
                .formatted(name, String.join(", ", table.fieldNames())));
      }
    }
    var kinds = new LinkedHashMap<String, FeatureKind>();
    for (String name : ColumnPath.leaves(table, exclude)) {
      kinds.put(name, named.getOrDefault(name, FeatureKind.AUTO));
    }
    named.forEach(kinds::putIfAbsent); // so that a name that the table lacks is an error
    return kinds;
  }
}
