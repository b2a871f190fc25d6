package io.latentlake.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The notebooks as they are committed: run from the first cell to the last, small, and of no
 * machine.
 */
class CommittedNotebooksTest {
  private static final long LARGEST_BYTES = 400_000;

  /** Folders of its own, addresses, and ports that something listened on. */
  private static final Pattern MACHINE =
      Pattern.compile(
          "(?<![\\w.])/(home|root|tmp|Users|work|var|opt)/\\w"
              + "|\\b\\d{1,3}(\\.\\d{1,3}){3}\\b"
              + "|://[\\w.-]+:\\d");

  static List<Path> notebooks() throws IOException {
    return NotebookFile.committed();
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void hasRunFromACleanKernel(Path path) throws IOException {
    List<JsonNode> code = NotebookFile.read(path).code();
    for (int i = 0; i < code.size(); i++) {
      assertEquals(i + 1, code.get(i).path("execution_count").asInt(), path + ", cell " + (i + 1));
      for (JsonNode output : code.get(i).path("outputs")) {
        assertFalse(output.path("output_type").asText().equals("error"), output.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void isSmallAndNamesNoMachine(Path path) throws IOException {
    assertTrue(Files.size(path) < LARGEST_BYTES, path + ": " + Files.size(path) + " bytes");
    String text = Files.readString(path).replaceAll("\"image/png\": *\"[^\"]*\"", "");
    assertFalse(MACHINE.matcher(text).find(), path.toString());
  }

  @Test
  void aMissingPictureIsNoticed() throws IOException {
    Path path = notebooks().get(0);
    NotebookFile whole = NotebookFile.read(path);
    NotebookFile robbed = NotebookFile.read(path);
    int cell = 0;
    while (whole.pictures(cell).isEmpty()) {
      cell++;
    }
    ((ArrayNode) robbed.code().get(cell).path("outputs")).removeAll();
    assertEquals(List.of(cell + 1), robbed.cellsWithoutPicture(whole));
    assertEquals(List.of(), whole.cellsWithoutPicture(robbed));
  }
}
