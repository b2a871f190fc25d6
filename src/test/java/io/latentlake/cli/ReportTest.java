package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports of a model and of a scored table, as files. */
class ReportTest {
  private static final Pattern FETCHED =
      Pattern.compile("(?i)(src|href|action|srcset)\\s*=\\s*\"(?!data:)|@import|url\\(");
  private static final Pattern SCRIPT = Pattern.compile("(?i)<script|<iframe|<[^>]*\\son\\w+\\s*=");

  @TempDir static Path folder;

  private static ReportedTable reported;
  private static String modelReport;
  private static String scoresReport;

  @BeforeAll
  static void make() throws IOException {
    reported = ReportedTable.in(folder);
    modelReport = Files.readString(reported.modelReport());
    scoresReport = Files.readString(reported.scoresReport());
  }

  private static void assertSections(String html, String... ids) {
    for (String id : ids) {
      assertTrue(html.contains("<section id=\"%s\">".formatted(id)), "no section " + id);
    }
  }

  @Test
  void aModelsHasItsSections() {
    assertSections(
        modelReport,
        "loss",
        "sights",
        "latents",
        "scores",
        "features",
        "versions",
        "configuration",
        "spark");
    assertTrue(modelReport.contains("validation loss"), modelReport);
    assertTrue(modelReport.contains("train.epochs"), "the configuration is missing");
  }

  @Test
  void aScoredTablesHasItsSections() {
    assertSections(
        scoresReport,
        "top",
        "scores",
        "segments",
        "rejected",
        "drift",
        "time",
        "versions",
        "configuration",
        "spark");
    assertTrue(scoresReport.contains("of 799 rows"), "one of 800 can't be scored");
    assertTrue(scoresReport.contains("INFINITE_VALUE"), "the reason is missing");
    assertTrue(scoresReport.contains("weight"), "a planted weight is among the reasons");
  }

  @Test
  void whatTablesHoldIsText() {
    assertTrue(SCRIPT.matcher(ReportedTable.LEVEL).find(), "the pattern finds nothing");
    for (String html : List.of(modelReport, scoresReport)) {
      assertFalse(SCRIPT.matcher(html).find(), "markup from the table");
      assertFalse(html.contains(ReportedTable.LEVEL), "markup from the table");
      assertTrue(html.contains("&lt;script&gt;document.title"), "the column's name is missing");
    }
    assertTrue(modelReport.contains("&lt;img src"), "the level is missing");
  }

  @Test
  void nothingIsFetched() {
    for (String html : List.of(modelReport, scoresReport)) {
      assertFalse(FETCHED.matcher(html).find(), "something is fetched");
      assertTrue(html.contains("default-src 'none'"), "the page may fetch");
    }
  }

  @Test
  void secretsStayOut() throws IOException {
    String run = Files.readString(Path.of(reported.scores(), "_run.json"));
    for (String text : List.of(modelReport, scoresReport, run)) {
      assertFalse(text.contains(SharedSpark.SECRET), "a secret is written down");
      assertTrue(text.contains("spark.hadoop.fs.s3a.secret.key"), "the setting is missing");
    }
  }

  @Test
  void sparkReadsTheScoresBesideTheReport() {
    assertEquals(799, SharedSpark.session().read().parquet(reported.scores()).count());
  }

  @Test
  void madeAnewItSaysMore() throws IOException {
    String file = folder.resolve("anew.html").toString();
    CommandRun.of(
            "report",
            "--model",
            reported.model(),
            "--scores",
            reported.scores(),
            "--input",
            reported.table(),
            "--out",
            file)
        .orFail();
    String anew = Files.readString(Path.of(file));
    assertTrue(anew.contains(">amount</td>"), "the columns' drift is missing");
    assertTrue(anew.contains("INFINITE_VALUE"), "what the run knew is lost");
  }

  @Test
  void aModelsMadeAnewWithoutATableDoesWithoutRows() throws IOException {
    String file = folder.resolve("model.html").toString();
    CommandRun.of("report", "--model", reported.model(), "--out", file).orFail();
    String anew = Files.readString(Path.of(file));
    assertSections(anew, "loss", "latents", "scores", "features");
    assertFalse(anew.contains("<section id=\"sights\">"), "there are no rows to show");
  }

  @Test
  void itCanBeLeftOut() {
    Path scores = folder.resolve("bare");
    CommandRun.of(
            "score",
            "--no-report",
            "--model",
            reported.model(),
            "--input",
            reported.table(),
            "--output",
            scores.toString())
        .orFail();
    assertFalse(Files.exists(scores.resolve("_report.html")));
    assertFalse(Files.exists(scores.resolve("_run.json")));
  }

  @Test
  void aReportThatFailsLeavesTheScores() throws IOException {
    Path rejected = folder.resolve("rejected");
    CommandRun run =
        CommandRun.of(
                "score",
                "--model",
                reported.model(),
                "--input",
                allRejected(),
                "--output",
                rejected.toString(),
                "--output-format",
                "json")
            .orFail();
    assertTrue(run.err().contains("the report, which could not be made"), run.err());
    assertTrue(
        run.err()
            .contains(
                "latentlake report --model %s --scores %s --format json"
                    .formatted(reported.model(), rejected)),
        run.err());
    assertTrue(Files.exists(rejected.resolve("_SUCCESS")));
  }

  @Test
  void aTableWithoutAUsableRowIsSaidToBe() throws IOException {
    String file = folder.resolve("no-row.html").toString();
    CommandRun.of("report", "--model", reported.model(), "--input", allRejected(), "--out", file)
        .orFail();
    String html = Files.readString(Path.of(file));
    assertSections(html, "sights", "latents");
    assertTrue(html.contains("None of the rows"), "it isn't said");
  }

  /** What every format keeps: CSV has texts, and JSON lacks what a row doesn't have. */
  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void ofOtherFormatsToo(String format) throws IOException {
    Path scores = folder.resolve("scores-" + format);
    CommandRun run =
        CommandRun.of(
                "score",
                "--model",
                reported.model(),
                "--input",
                reported.table(),
                "--keep",
                "id,region",
                "--output",
                scores.toString(),
                "--output-format",
                format)
            .orFail();
    assertEquals("", run.err());
    String html = Files.readString(scores.resolve("_report.html"));
    assertSections(html, "top", "scores", "rejected", "drift", "time", "versions");
    assertTrue(html.contains("of 799 rows"), "one of 800 can't be scored");
    // Of CSV, reasons are one text that nobody can take apart.
    assertEquals(format.equals("json"), html.contains(">because of</th>"), format);
    assertEquals(format.equals("json"), html.contains("weight "), format);
    assertFalse(SCRIPT.matcher(html).find(), "markup from the table");
  }

  @Test
  void whatHasNoEffectIsRefused() {
    refused("--segment-by", "region").names("--segment-by region", "--scores");
    refused("--label", "color").names("--label color", "--input");
    refused("--scores", reported.scores(), "--label", "color").names("--label color", "--scores");
    refused("--input", reported.table(), "--label", "nosuch")
        .names("--label nosuch", reported.table(), "amount");
  }

  private static Refusal refused(String... options) {
    return Refusal.of(
        Path.of(reported.model()),
        Stream.concat(Stream.of("report", "--model", reported.model()), Stream.of(options))
            .toList());
  }

  private static String allRejected() {
    Path table = folder.resolve("infinite");
    SharedSpark.session()
        .read()
        .parquet(reported.table())
        .where("isnan(`%s` * 0)".formatted(ReportedTable.MARKUP))
        .write()
        .mode("overwrite")
        .parquet(table.toString());
    return table.toString();
  }
}
