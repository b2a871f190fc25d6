package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import io.latentlake.SmallImages;
import io.latentlake.SmallTables;
import io.latentlake.ml.LatentLakeFunctions;
import io.latentlake.ml.LatentLakeModel;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.RowScorer;
import io.latentlake.score.ScoredRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A row has one score, however it is asked for: by the command line, a Spark ML stage, SQL or plain
 * Java.
 */
class SameScoresTest {
  private static final double NEAR = 1e-6;
  private static final List<String> SCORES = List.of("anomaly_score", "elbo", "squared_error");

  @TempDir static Path folder;

  private static final Map<String, Case> CASES = new HashMap<>();

  /** A model's folder, its table with an id, its columns, and what the command line gives. */
  private record Case(String model, Dataset<Row> table, String id, Map<Long, List<Double>> scores) {
    List<String> columns() {
      return trained().encoder().plan().inputs();
    }

    TrainedVae trained() {
      return ModelFolder.read(model, new Configuration());
    }
  }

  @BeforeAll
  static void train() throws IOException {
    Dataset<Row> numbers = SmallTables.numbers(200);
    train("numbers", numbers, "id", SmallTables.NUMBERS_CONFIGURATION, "--features", "left,right");
    train(
        "vectors",
        numbers.withColumn(
            "features",
            functions.array_to_vector(org.apache.spark.sql.functions.array("left", "right"))),
        "id",
        SmallTables.NUMBERS_CONFIGURATION,
        "--features",
        "features");
    train(
        "conditional",
        numbers,
        "id",
        SmallTables.NUMBERS_CONFIGURATION + "model.variant = conditional-vae",
        "--features",
        "left,right",
        "--condition",
        "kind");
    train(
        "on-nd4j",
        numbers,
        "id",
        SmallTables.NUMBERS_CONFIGURATION + "model.variant = iwae",
        "--features",
        "left,right");
    train(
        "planned",
        SmallTables.mixed(200),
        "id",
        SmallTables.MIXED_CONFIGURATION,
        "--features",
        "auto,amount:log",
        "--exclude",
        "id");
    Dataset<Row> images = SmallImages.table(150);
    train("images", images, "index", SmallImages.CONFIGURATION, "--features", "image");
  }

  private static void train(
      String name, Dataset<Row> rows, String id, String configuration, String... columns)
      throws IOException {
    String table = SmallTables.parquet(rows, folder.resolve(name));
    Path conf = folder.resolve(name + ".conf");
    Files.writeString(conf, configuration);
    String model = folder.resolve(name + "-model").toString();
    var command = new ArrayList<>(List.of("train", "--input", table, "--model", model));
    command.addAll(List.of("--config", conf.toString()));
    command.addAll(List.of(columns));
    CommandRun.of(command).orFail();
    String scores = folder.resolve(name + "-scores").toString();
    CommandRun.of(
            List.of("score", "--model", model, "--input", table, "--output", scores, "--keep", id))
        .orFail();
    SparkSession spark = SharedSpark.session();
    CASES.put(
        name,
        new Case(
            model,
            spark.read().parquet(table),
            id,
            collected(spark.read().parquet(scores).selectExpr(selection(id)))));
  }

  private static String[] selection(String id) {
    var selected = new ArrayList<>(List.of("cast(%s as bigint)".formatted(id)));
    selected.addAll(SCORES);
    return selected.toArray(String[]::new);
  }

  private static Map<Long, List<Double>> collected(Dataset<Row> scored) {
    var byId = new LinkedHashMap<Long, List<Double>>();
    for (Row row : scored.collectAsList()) {
      byId.put(row.getLong(0), List.of(row.getDouble(1), row.getDouble(2), row.getDouble(3)));
    }
    return byId;
  }

  /** A way to score a table. */
  private enum Way {
    STAGE {
      @Override
      Map<Long, List<Double>> score(Case given) {
        LatentLakeModel model = LatentLakeModel.fromFolder(given.table.sparkSession(), given.model);
        return collected(model.transform(given.table).selectExpr(selection(given.id)));
      }
    },
    SQL {
      @Override
      Map<Long, List<Double>> score(Case given) {
        return scored(given, String.join(", ", given.columns()));
      }
    },
    SQL_OF_A_ROW {
      @Override
      Map<Long, List<Double>> score(Case given) {
        return scored(given, "struct(*)");
      }
    },
    PLAIN_JAVA {
      @Override
      Map<Long, List<Double>> score(Case given) {
        var byId = new LinkedHashMap<Long, List<Double>>();
        try (RowScorer scorer = RowScorer.open(given.model)) {
          for (Row row : given.table.collectAsList()) {
            var values = new HashMap<String, Object>();
            given.columns().forEach(column -> values.put(column, row.getAs(column)));
            ScoredRow scores = scorer.score(values);
            byId.put(
                row.<Number>getAs(given.id).longValue(),
                List.of(scores.anomalyScore(), scores.elbo(), scores.squaredError()));
          }
        }
        return byId;
      }
    };

    private static Map<Long, List<Double>> scored(Case given, String arguments) {
      SparkSession spark = given.table.sparkSession();
      var calls = new ArrayList<>(List.of("cast(%s as bigint)".formatted(given.id)));
      for (String score : SCORES) {
        LatentLakeFunctions.register(spark, "latentlake_" + score, given.model, score);
        calls.add("latentlake_%s(%s)".formatted(score, arguments));
      }
      given.table.createOrReplaceTempView("orders");
      return collected(spark.sql("SELECT %s FROM orders".formatted(String.join(", ", calls))));
    }

    abstract Map<Long, List<Double>> score(Case given);
  }

  @ParameterizedTest
  @CsvSource({
    "numbers, STAGE",
    "numbers, SQL",
    "numbers, PLAIN_JAVA",
    "vectors, STAGE",
    "vectors, SQL",
    "vectors, PLAIN_JAVA",
    "conditional, STAGE",
    "conditional, SQL",
    "conditional, PLAIN_JAVA",
    "on-nd4j, STAGE",
    "on-nd4j, SQL",
    "on-nd4j, PLAIN_JAVA",
    "planned, STAGE",
    "planned, SQL",
    "planned, SQL_OF_A_ROW",
    "planned, PLAIN_JAVA",
    "images, STAGE",
    "images, SQL",
    "images, PLAIN_JAVA"
  })
  void sameAsTheCommandLine(String name, Way way) {
    Case given = CASES.get(name);
    Map<Long, List<Double>> found = way.score(given);
    assertEquals(given.scores.keySet(), found.keySet());
    given.scores.forEach(
        (id, expected) -> {
          for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), found.get(id).get(i), NEAR, SCORES.get(i) + " of " + id);
          }
        });
  }
}
