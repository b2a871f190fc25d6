package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command that must be refused: exit code 2, one line on the error stream, with {@code --verbose}
 * a stack trace before it, and nothing left behind.
 */
final class Refusal {
  private final Path folder;
  private final List<String> arguments;

  private Refusal(Path folder, List<String> arguments) {
    this.folder = folder;
    this.arguments = arguments;
  }

  /**
   * A command line.
   *
   * @param folder whose content it must not change
   */
  static Refusal of(Path folder, List<String> arguments) {
    return new Refusal(folder, arguments);
  }

  /** Runs it, and checks that its one line names all of these. */
  void names(Object... things) {
    Map<String, Long> before = content();
    CommandRun quiet = CommandRun.of(arguments);
    assertEquals(1, quiet.errLines().size(), quiet::err);
    assertEquals(2, quiet.exitCode(), quiet::err);
    String line = quiet.errLines().get(0);
    assertTrue(line.startsWith("latentlake: "), line);
    Arrays.stream(things)
        .forEach(thing -> assertTrue(line.contains(thing.toString()), thing + " in: " + line));
    assertEquals(before, content(), "files left behind or changed");
    verbose(line);
    assertEquals(before, content(), "files left behind or changed");
  }

  private void verbose(String line) {
    var withTrace = new ArrayList<>(arguments);
    withTrace.add("--verbose");
    CommandRun verbose = CommandRun.of(withTrace);
    assertEquals(2, verbose.exitCode(), verbose::err);
    assertTrue(verbose.err().contains("\tat "), verbose::err);
    List<String> lines = verbose.errLines();
    assertEquals(line, lines.get(lines.size() - 1));
  }

  /** Every file and folder, hidden ones too, with its length. */
  private Map<String, Long> content() {
    var found = new TreeMap<String, Long>();
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        found.put(path.toString(), Files.isDirectory(path) ? -1 : Files.size(path));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
