package io.latentlake.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kernel without Jupyter: what cells give, and how they fail. */
class JavaKernelTest {
  private static JavaKernel kernel;

  @BeforeAll
  static void start() {
    SharedSpark.session();
    kernel = new JavaKernel(JavaKernelTest.class.getClassLoader());
  }

  /** Not by a shutdown request, which would stop the Spark session that other tests use. */
  @AfterAll
  static void stop() {
    kernel.interrupt();
  }

  @Test
  void aCellsLastExpressionIsItsValue() {
    assertEquals(3, kernel.evalRaw("int one = 1;\nint two = 2; // both\none + two"));
    assertNull(kernel.evalRaw("one + two;"));
    assertNull(kernel.evalRaw("// nothing\n"));
    assertEquals(List.of(1, 2), kernel.evalRaw("import java.time.*;\nList.of(one, two)"));
  }

  @Test
  void oneCellsDefinitionsAreTheNextOnes() {
    kernel.evalRaw("record Point(int x, int y) {}\nint sum(Point p) { return p.x() + p.y(); }");
    assertEquals(7, kernel.evalRaw("sum(new Point(3, 4))"));
    kernel.evalRaw("int sum(Point p) { return 100; }");
    assertEquals(100, kernel.evalRaw("sum(new Point(3, 4))"));
  }

  @Test
  void theCompilersMessageNamesTheLine() {
    var failure =
        assertThrows(CellFailure.class, () -> kernel.evalRaw("int fine = 1;\n\nint bad = nix;"));
    assertTrue(
        failure.getMessage().matches("cell \\d+, line 3: cannot find symbol"),
        failure.getMessage());
    assertTrue(
        failure.details().containsAll(List.of("int bad = nix;", "          ^")),
        failure.details().toString());
    assertThrows(CellFailure.class, () -> kernel.evalRaw("for (int i = 0; i < 3; i++) {"));
  }

  @Test
  void anExceptionShowsTheUsersLinesAlone() {
    kernel.evalRaw("int part(int of) {\n  return 1 / of;\n}");
    var failure =
        assertThrows(CellFailure.class, () -> kernel.evalRaw("int zero = 0;\npart(zero)"));
    assertTrue(
        failure.getMessage().matches("cell \\d+, line 2: java.lang.ArithmeticException: / by zero"),
        failure.getMessage());
    assertEquals(3, failure.details().size(), failure.details().toString());
    assertTrue(
        failure.details().get(1).endsWith("line 2: return 1 / of;"), failure.details().toString());
    assertTrue(
        failure.details().get(2).endsWith("line 2: part(zero)"), failure.details().toString());
    assertEquals(failure.details().size(), kernel.formatError(failure).size());
  }

  @Test
  void tablesAndPicturesAreShown() {
    DisplayData table =
        kernel.eval("spark().range(30).select(col(\"id\"), lit(\"<b>\").as(\"text\"))");
    String html = (String) table.getData(MIMEType.TEXT_HTML);
    assertTrue(html.contains("<tr><td>19</td><td>&lt;b&gt;</td></tr>"), html);
    assertFalse(html.contains("<td>20</td>"), html);
    assertTrue(html.contains("the first 20 rows"), html);
    DisplayData picture = kernel.eval("new java.awt.image.BufferedImage(4, 3, 1)");
    assertTrue(((String) picture.getData(MIMEType.IMAGE_PNG)).startsWith("iVBORw0KGgo"));
    assertEquals("picture, 4 × 3", picture.getData(MIMEType.TEXT_PLAIN));
    assertEquals("<i>1</i>", kernel.eval("html(\"<i>1</i>\")").getData(MIMEType.TEXT_HTML));
  }

  /** Which opens a session, uses the one that is there, and leaves it. */
  @Test
  void commandsRunInTheNotebooksSession() {
    assertEquals(
        2,
        kernel.evalRaw(
            "exitCode(\"score --model='target/no such model' --input mnist:test --output target/none --keep ''\")"));
    var failure =
        assertThrows(
            CellFailure.class,
            () ->
                kernel.evalRaw(
                    "latentlake(\"score --model s3a://KEY:planted@bucket/x --input mnist:test --output target/none\")"));
    assertTrue(failure.getMessage().contains("ended with exit code 2"), failure.getMessage());
    assertFalse(failure.getMessage().contains("planted"), failure.getMessage());
    assertFalse(failure.details().get(0).contains("planted"), failure.details().toString());
    assertFalse(SharedSpark.session().sparkContext().isStopped());
  }

  @Test
  void messagesHoldNoPasswords() {
    var failure =
        assertThrows(
            CellFailure.class,
            () ->
                kernel.evalRaw(
                    "throw new IllegalStateException(\"no \" + \"ftp://me:plan\" + \"ted@host/x\");"));
    assertTrue(failure.getMessage().endsWith("no ftp://host/x"), failure.getMessage());
    assertFalse(failure.details().get(0).contains("planted"), failure.details().toString());
  }

  @Test
  void whatIsNoPictureIsAnError() throws IOException {
    Path text = Files.writeString(Files.createTempFile("picture", ".png"), "no picture");
    try {
      var failure =
          assertThrows(CellFailure.class, () -> kernel.evalRaw("picture(\"%s\")".formatted(text)));
      assertTrue(failure.getMessage().contains(text + ": no picture"), failure.getMessage());
    } finally {
      Files.delete(text);
    }
  }

  @Test
  void anEndlessCellIsInterrupted() throws Exception {
    kernel.evalRaw("long turns = 0;");
    String began = "io.latentlake.notebook.CellBegan.tell();\n";
    assertInterrupted(began + "Thread.sleep(600_000)");
    assertInterrupted(began + "while (true) { turns++; }");
    assertEquals(5, kernel.evalRaw("2 + 3"));
  }

  /** A cell's last table is read when the cell itself is over, and may take as long. */
  @Test
  void aTableThatIsShownIsInterrupted() throws Exception {
    var ended = new CountDownLatch(1);
    var jobs =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            CellBegan.tell();
          }

          @Override
          public void onJobEnd(SparkListenerJobEnd job) {
            ended.countDown();
          }
        };
    var spark = SharedSpark.session().sparkContext();
    spark.addSparkListener(jobs);
    try {
      assertInterrupted(
          "spark().range(1_000_000_000_000L).where(\"crc32(string(id)) = 5000000000\")");
      assertTrue(ended.await(1, TimeUnit.MINUTES), "its job goes on");
    } finally {
      spark.removeSparkListener(jobs);
    }
    assertEquals(6, kernel.evalRaw("3 + 3"));
  }

  /** Told once, as by a user who then waits. */
  private static void assertInterrupted(String cell) throws Exception {
    CellBegan.expect();
    var run = CompletableFuture.runAsync(() -> kernel.eval(cell));
    CellBegan.await();
    kernel.interrupt();
    var failure = assertThrows(ExecutionException.class, () -> run.get(1, TimeUnit.MINUTES));
    assertInstanceOf(CellFailure.class, failure.getCause());
    assertTrue(failure.getCause().getMessage().endsWith("interrupted"), failure.toString());
  }

  @Test
  void completesAndExplainsWithinACell() {
    kernel.evalRaw("String greeting = \"hello\";");
    String cell = "int n = 1;\ngreeting.toUpp";
    var options = kernel.complete(cell, cell.length());
    assertTrue(
        options.getReplacements().contains("toUpperCase("), options.getReplacements().toString());
    assertEquals(cell.indexOf("toUpp"), options.getSourceStart());
    assertEquals(cell.length(), options.getSourceEnd());
    String call = "int m = 1;\ngreeting.charAt(";
    String told = (String) kernel.inspect(call, call.length(), false).getData(MIMEType.TEXT_PLAIN);
    assertTrue(told.contains("charAt(int index)"), told);
  }

  @Test
  void tellsWhetherACellIsComplete() {
    assertEquals(BaseKernel.IS_COMPLETE_YES, kernel.isComplete("int n = 1;\nn + 1"));
    assertEquals("    ", kernel.isComplete("int n = 1;\nfor (;;) {"));
    assertEquals(BaseKernel.IS_COMPLETE_BAD, kernel.isComplete("}"));
  }
}
