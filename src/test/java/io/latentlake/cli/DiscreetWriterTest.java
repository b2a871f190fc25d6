package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password in an address stays with who gave it. */
class DiscreetWriterTest {
  private static final String ADDRESS = "ftp://me:planted-77@127.0.0.1:1/orders";

  @TempDir Path folder;

  @Test
  void whatFailsIsNamedWithoutIt() throws IOException {
    Path log = folder.resolve("log.jsonl");
    CommandRun run =
        CommandRun.of("inspect", "--model", ADDRESS, "--verbose", "--log-json", log.toString());
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(
        run.err().contains("latentlake: ftp://127.0.0.1:1/orders: can't be read"), run.err());
    assertFalse((run.out() + run.err() + Files.readString(log)).contains("planted"), run.err());
  }

  @Test
  void theDoctorLooksAtTheOtherPathsToo() {
    CommandRun run = CommandRun.of("doctor", "--path", ADDRESS, "--path", folder.toString());
    assertEquals(1, run.exitCode(), run.out() + run.err());
    assertTrue(run.out().contains("problem  ftp://127.0.0.1:1/orders"), run.out());
    assertTrue(run.out().contains(folder + ": can be read"), run.out());
    assertFalse((run.out() + run.err()).contains("planted"), run.out());
  }

  @Test
  void aTableIsCalledWithoutIt() {
    var table = new NamedTable(ADDRESS, SharedSpark.session().emptyDataFrame());
    assertEquals("ftp://127.0.0.1:1/orders", table.name());
  }
}
