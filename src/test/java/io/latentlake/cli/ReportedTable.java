package io.latentlake.cli;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model of a mixed table and a scored table, with their reports. Columns, values and paths hold
 * markup that would run, were it not escaped.
 *
 * @param model its folder
 * @param table what it was trained on
 * @param scores the scored table's folder
 */
record ReportedTable(String model, String table, String scores) {
  /** Begins a script in any page that shows it as it is. */
  static final String MARKUP = "<script>document.title='planted'<|script>";

  /** A picture that can't be had, and says so to a script. */
  static final String LEVEL = "<img src=x onerror=document.title='planted'>";

  private static final int ROWS = 800;

  /** Trains and scores it into a folder that exists. */
  static ReportedTable in(Path folder) throws IOException {
    String table =
        SmallTables.parquet(
            SharedSpark.session()
                .range(0, ROWS, 1, 2)
                .selectExpr(
                    "id",
                    "if(id %% 2 = 0, 'north', \"%s\") as region".formatted(MARKUP),
                    "exp(randn(1)) * 20 as amount",
                    "if(id % 50 = 7, 40, 5) + randn(2) as weight",
                    "if(id = 9, double('Infinity'), randn(3)) as `%s`".formatted(MARKUP),
                    "element_at(array('red', 'green', \"%s\"), int(1 + id %% 3)) as color"
                        .formatted(LEVEL),
                    "if(id % 10 = 4, null, id % 3 = 0) as open",
                    "timestamp_seconds(1700000000 + id * 20000) as time"),
            folder.resolve("orders"));
    Path configuration = folder.resolve("orders.conf");
    Files.writeString(
        configuration,
        """
        model { encoder = [16], latent = 3, decoder = [16] }
        train { epochs = 6, batch-size = 32, updater.learning-rate = 0.01 }
        score.contamination = 0.02
        """);
    var reported =
        new ReportedTable(
            folder.resolve("model").toString(), table, folder.resolve("scores").toString());
    CommandRun.of(
            "train",
            "--input",
            table,
            "--validation",
            table,
            "--features",
            "auto",
            "--exclude",
            "id,region",
            "--config",
            configuration.toString(),
            "--model",
            reported.model)
        .orFail();
    CommandRun.of(
            "score",
            "--model",
            reported.model,
            "--input",
            table,
            "--output",
            reported.scores,
            "--partition-by",
            "region")
        .orFail();
    return reported;
  }

  Path modelReport() {
    return Path.of(model, "report.html");
  }

  Path scoresReport() {
    return Path.of(scores, "_report.html");
  }
}
