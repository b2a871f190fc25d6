package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.data.FeatureColumn.Kind;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What a model knows of its columns goes before what Spark guesses. */
class RecordedTypesTest {
  private static final FeaturePlan PLAN =
      new FeaturePlan(List.of(new FeatureColumn("left", Kind.NUMBER, 1)));
  private static final RecordedTypes TYPES =
      RecordedTypes.of(PLAN, List.of("left double", "zip string", "items bigint"));

  private static StructType guessed() {
    return new StructType()
        .add("left", DataTypes.StringType)
        .add("zip", DataTypes.IntegerType)
        .add("items", DataTypes.StringType);
  }

  @Test
  void textThatIsOnlyKeptStaysText() {
    StructType read = TYPES.of(guessed(), Format.CSV);
    assertEquals(DataTypes.DoubleType, read.apply("left").dataType());
    assertEquals(DataTypes.StringType, read.apply("zip").dataType());
    assertEquals(DataTypes.StringType, read.apply("items").dataType());
  }

  @Test
  void ofFilesWithTypesOnlyTheFoldersAreGuessed() {
    StructType found = guessed();
    assertEquals(found, TYPES.ofFolders(found, List.of("items")));
    StructType read = TYPES.ofFolders(found, List.of("zip"));
    assertEquals(DataTypes.StringType, read.apply("zip").dataType());
    assertEquals(found.apply("left"), read.apply("left"));
  }
}
