package io.latentlake.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Executes each notebook from a clean kernel, by the command that users have. Needs Jupyter. */
@Tag("notebook")
class NotebooksTest {
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  @TempDir Path folder;

  static List<Path> notebooks() throws IOException {
    return NotebookFile.committed();
  }

  /** Notebooks look for settings where the repository has them, beside their own folder. */
  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectory(folder.resolve("notebooks"));
    FileUtils.copyDirectory(Path.of("conf").toFile(), folder.resolve("conf").toFile());
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void runsAndDrawsItsPictures(Path committed) throws IOException, InterruptedException {
    Path copy = folder.resolve("notebooks").resolve(committed.getFileName());
    Files.copy(committed, copy);
    try (var run = execute(copy)) {
      assertEquals(0, run.waitFor(PATIENCE), run.output());
    }
    assertEquals(
        List.of(),
        NotebookFile.read(copy).cellsWithoutPicture(NotebookFile.read(committed)),
        committed + ": cells without their picture");
  }

  @Test
  void aBrokenCellFailsAndIsNamed() throws IOException, InterruptedException {
    Path broken = folder.resolve("notebooks").resolve("broken.ipynb");
    Files.writeString(broken, notebook("int fine = 1;", "int broken = fine + nothing;"));
    try (var run = execute(broken)) {
      assertTrue(run.waitFor(PATIENCE) != 0, run.output());
      assertTrue(run.output().contains("broken.ipynb"), run.output());
      assertTrue(run.output().contains("cell 2, line 1: cannot find symbol"), run.output());
    }
  }

  private Submitted execute(Path notebook) throws IOException {
    return new Submitted(
        folder,
        List.of("notebook", "--execute", notebook.toString(), "--", "--master", "local[2]"));
  }

  private static String notebook(String... cells) {
    var code = new StringBuilder();
    for (String cell : cells) {
      code.append(code.isEmpty() ? "" : ",")
          .append(
              """
              {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": "%s"}
              """
                  .formatted(cell));
    }
    return """
        {"cells": [%s], "nbformat": 4, "nbformat_minor": 4, "metadata":
          {"kernelspec": {"display_name": "Java (LatentLake)", "language": "java", "name": "latentlake"}}}
        """
        .formatted(code);
  }
}
