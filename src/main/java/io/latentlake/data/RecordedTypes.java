package io.latentlake.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The types that a model's columns had in its training table. Of CSV and JSON Spark guesses types
 * by all that is there: a column without a value is text, and so is one with a single word among
 * its numbers. A model knows better.
 *
 * @param plan the model's
 * @param types of the training table's columns, of those that text can hold; others are guessed
 */
public record RecordedTypes(Optional<FeaturePlan> plan, Map<String, DataType> types) {
  /** Nothing is known. */
  public static final RecordedTypes NONE = new RecordedTypes(Optional.empty(), Map.of());

  private static final Map<String, DataType> BY_NAME =
      Map.ofEntries(
          Map.entry("boolean", DataTypes.BooleanType),
          Map.entry("tinyint", DataTypes.LongType),
          Map.entry("smallint", DataTypes.LongType),
          Map.entry("int", DataTypes.LongType),
          Map.entry("bigint", DataTypes.LongType),
          Map.entry("float", DataTypes.DoubleType),
          Map.entry("double", DataTypes.DoubleType),
          Map.entry("string", DataTypes.StringType),
          Map.entry("date", DataTypes.DateType),
          Map.entry("timestamp", DataTypes.TimestampType),
          Map.entry("timestamp_ntz", DataTypes.TimestampNTZType),
          Map.entry("array<float>", DataTypes.createArrayType(DataTypes.DoubleType)),
          Map.entry("array<double>", DataTypes.createArrayType(DataTypes.DoubleType)));

  public RecordedTypes {
    types = Map.copyOf(types);
  }

  /**
   * What a model knows.
   *
   * @param columns of its training table, each with its type behind a space; null of a model that
   *     doesn't know them
   */
  public static RecordedTypes of(FeaturePlan plan, List<String> columns) {
    if (columns == null) {
      return NONE;
    }
    var types = new HashMap<String, DataType>();
    for (String column : columns) {
      int space = column.lastIndexOf(' ');
      type(column.substring(space + 1)).ifPresent(t -> types.put(column.substring(0, space), t));
    }
    return new RecordedTypes(Optional.of(plan), types);
  }

  /** Of a column that is text, whatever its values look like: else 007 would become 7. */
  public static RecordedTypes text(String column) {
    return new RecordedTypes(Optional.empty(), Map.of(column, DataTypes.StringType));
  }

  private static Optional<DataType> type(String name) {
    return name.startsWith("decimal(")
        ? Optional.of(DataTypes.DoubleType)
        : Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * The columns that a table is read by.
   *
   * @param found those that it has, with guessed types
   */
  StructType of(StructType found, Format format) {
    var read = new StructType();
    for (StructField field : found.fields()) {
      read = read.add(field.name(), type(field, format), true, field.metadata());
    }
    for (ColumnPlan column : plan.map(FeaturePlan::columns).orElse(List.of())) {
      // A JSON record lacks the keys that have no value, and so may a night's file.
      if (format == Format.JSON && column.missing() > 0 && ColumnPath.isNone(read, column.name())) {
        Optional<DataType> recorded = wanted(column.name(), format);
        if (recorded.isPresent()) {
          read = read.add(column.name(), recorded.get());
        }
      }
    }
    return read;
  }

  /**
   * The columns that files are read by whose own columns have types, but not those of their
   * folders.
   *
   * @param found those that they have
   * @param folders which of them are the folders', with guessed types
   */
  StructType ofFolders(StructType found, List<String> folders) {
    var read = new StructType();
    for (StructField field : found.fields()) {
      boolean text = folders.contains(field.name()) && isText(types.get(field.name()));
      read = text ? read.add(field.name(), DataTypes.StringType) : read.add(field);
    }
    return read;
  }

  private DataType type(StructField field, Format format) {
    DataType guessed = field.dataType();
    Optional<DataType> wanted = wanted(field.name(), format);
    if (wanted.isEmpty() || (!isText(wanted.get()) && !isText(guessed) && reads(field))) {
      return guessed;
    }
    return wanted.get();
  }

  /** Whether the model can read a column as it is guessed. */
  private boolean reads(StructField field) {
    FeaturePlan features = plan.orElseThrow();
    boolean level =
        features.condition().classes().stream().anyMatch(c -> c.name().equals(field.name()));
    return level
        ? Levels.reads(field.dataType())
        : features.columns().stream()
            .filter(column -> column.name().equals(field.name()))
            .findFirst()
            .map(column -> column.reads(field.dataType()))
            .orElseGet(() -> FeatureColumn.Kind.of(field.dataType()).isPresent());
  }

  /**
   * The type by which a column is read, empty where that is to be guessed. Text stays text also
   * where it is only kept: segments are told apart by it.
   */
  private Optional<DataType> wanted(String name, Format format) {
    DataType recorded = types.get(name);
    if (recorded == null || (recorded instanceof ArrayType && format != Format.JSON)) {
      return Optional.empty();
    }
    if (plan.isEmpty() || !plan.get().inputs().contains(name)) {
      return isText(recorded) ? Optional.of(recorded) : Optional.empty();
    }
    boolean whole = recorded.equals(DataTypes.LongType);
    // A quantity that was whole in all training rows needn't be so in the next.
    return Optional.of(whole && isQuantity(name) ? DataTypes.DoubleType : recorded);
  }

  private boolean isQuantity(String name) {
    FeaturePlan features = plan.orElseThrow();
    return features.numbers().stream().anyMatch(column -> column.name().equals(name))
        || features.columns().stream()
            .anyMatch(column -> column.name().equals(name) && column instanceof ScaledNumber);
  }

  private static boolean isText(DataType type) {
    return DataTypes.StringType.equals(type);
  }
}
