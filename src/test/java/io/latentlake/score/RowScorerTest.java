package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SmallTables;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of Java objects: whatever holds a value, it is the same value. */
class RowScorerTest {
  private static final double LEFT = 0.5;
  private static final double RIGHT = -1.25;

  @TempDir Path folder;

  private static Dataset<Row> table;
  private static RandomModel models;
  private static TrainedVae numbers;

  @BeforeAll
  static void model() {
    table =
        SmallTables.numbers(50)
            .selectExpr("*", "array(left, right) as array")
            .withColumn(
                "vector",
                org.apache.spark.ml.functions.array_to_vector(
                    org.apache.spark.sql.functions.array("left", "right")));
    models = new RandomModel(SmallTables.NUMBERS_CONFIGURATION);
    numbers =
        models.reading(
            List.of(
                new FeatureColumn("left", Kind.NUMBER, 1),
                new FeatureColumn("right", Kind.NUMBER, 1)),
            table);
  }

  @Test
  void numbersOfEveryType() {
    try (var scorer = new RowScorer(numbers)) {
      ScoredRow expected = scorer.score(Map.of("left", LEFT, "right", RIGHT));
      assertSame(expected, scorer.score(Map.of("left", (float) LEFT, "right", (float) RIGHT)));
      assertSame(expected, scorer.score(new float[] {(float) LEFT, (float) RIGHT}));
      assertSame(
          scorer.score(Map.of("left", 3.0, "right", -2.0)),
          scorer.score(Map.of("left", 3, "right", -2L, "more", "passed over")));
      assertSame(
          expected, scorer.score(Map.of("left", new java.math.BigDecimal("0.50"), "right", RIGHT)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY", "VECTOR"})
  void severalNumbersInAColumn(Kind kind) {
    String name = kind == Kind.ARRAY ? "array" : "vector";
    TrainedVae model = models.reading(name, kind, 2, table);
    try (var scorer = new RowScorer(model)) {
      ScoredRow expected = scorer.score(new float[] {(float) LEFT, (float) RIGHT});
      for (Object values :
          List.of(
              new float[] {(float) LEFT, (float) RIGHT},
              new double[] {LEFT, RIGHT},
              List.of(LEFT, RIGHT),
              new Number[] {LEFT, (float) RIGHT})) {
        assertSame(expected, scorer.score(Map.of(name, values)));
      }
      if (kind == Kind.VECTOR) {
        assertSame(expected, scorer.score(Map.of(name, Vectors.dense(LEFT, RIGHT))));
        assertSame(
            expected,
            scorer.score(
                Map.of(name, Vectors.sparse(2, new int[] {0, 1}, new double[] {LEFT, RIGHT}))));
      }
    }
  }

  @Test
  void rowsThatCannotBeScored() {
    try (var scorer = new RowScorer(numbers)) {
      var missing = new HashMap<String, Object>(Map.of("left", LEFT));
      refused(scorer, missing, "right");
      missing.put("right", null);
      refused(scorer, missing, "NULL_VALUE");
      refused(scorer, Map.of("left", LEFT, "right", Double.NaN), "NOT_A_NUMBER");
      refused(scorer, Map.of("left", LEFT, "right", "text"), "right");
      refused(scorer, Map.of("left", LEFT, "right", new Object()), "java.lang.Object");
      assertThrows(InvalidInputException.class, () -> scorer.score(new float[3]));
      // It goes on: a bad row is not the scorer's end.
      assertTrue(scorer.score(Map.of("left", LEFT, "right", RIGHT)).elbo() < 0);
    }
  }

  private static void refused(RowScorer scorer, Map<String, ?> row, String named) {
    var refused = assertThrows(InvalidInputException.class, () -> scorer.score(row));
    assertTrue(refused.getMessage().contains(named), refused::getMessage);
  }

  /** Equal arrays are not equal to a record. */
  private static void assertSame(ScoredRow expected, ScoredRow found) {
    assertEquals(Arrays.toString(expected.latent()), Arrays.toString(found.latent()));
    assertEquals(expected.elbo(), found.elbo());
    assertEquals(expected.anomalyScore(), found.anomalyScore());
    assertEquals(expected.isAnomaly(), found.isAnomaly());
  }

  @Test
  void needsNoSpark() throws Exception {
    assertScoredBy(System.getProperty("java.class.path"));
  }

  /** What the README says that a service needs, and nothing else. */
  @Test
  @Tag("slow")
  void needsTheJarAndThoseOfSpark() throws Exception {
    Path program = folder.resolve("program");
    String name = Service.class.getName().replace('.', '/') + ".class";
    Files.createDirectories(program.resolve(name).getParent());
    try (InputStream service = RowScorerTest.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(service, program.resolve(name));
    }
    assertScoredBy(
        Stream.of(
                Path.of("target", "latentlake.jar"),
                Path.of("target", "spark", "jars", "*"),
                program)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
  }

  private void assertScoredBy(String classpath) throws Exception {
    var files = FileSystem.getLocal(new Configuration());
    ModelFolder.write(numbers, files, new org.apache.hadoop.fs.Path(folder.toUri()));
    Path output = folder.resolve("scores");
    Process service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classpath,
                Service.class.getName(),
                folder.toString())
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    assertTrue(service.waitFor(2, TimeUnit.MINUTES));
    assertEquals(0, service.exitValue(), () -> read(folder.resolve("errors")));
    try (var scorer = new RowScorer(numbers)) {
      assertEquals(
          String.valueOf(scorer.score(Map.of("left", LEFT, "right", RIGHT)).elbo()),
          read(output).strip());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Another program, with none of the options that Spark's scripts give to Java. */
  static final class Service {
    private Service() {}

    public static void main(String[] arguments) {
      try (RowScorer scorer = RowScorer.open(arguments[0])) {
        System.out.println(scorer.score(Map.of("left", LEFT, "right", RIGHT)).elbo());
      }
      if (SparkEnv.get() != null) {
        throw new IllegalStateException("a Spark context was started");
      }
    }
  }
}
