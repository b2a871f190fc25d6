package io.latentlake.notebook;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** The JDK's JShell, a cell at a time: what one cell defines, the next can use. */
final class CellShell implements AutoCloseable {
  private static final List<String> IMPORTS =
      List.of(
          "java.util.*",
          "java.util.function.*",
          "java.util.stream.*",
          "java.nio.file.*",
          "org.apache.spark.api.java.function.*",
          "org.apache.spark.sql.*",
          "static org.apache.spark.sql.functions.*",
          "io.latentlake.ml.*",
          "io.latentlake.report.*",
          "static io.latentlake.notebook.Notebook.*");

  private final CellExecution execution;
  private final JShell shell;
  private final SourceCodeAnalysis analysis;
  private final Map<String, CellPlace> places = new HashMap<>();
  private int cells;

  /** Of the statement that ran last. */
  private CellPlace last;

  /**
   * A shell.
   *
   * @param classes what cells can use
   */
  CellShell(ClassLoader classes) {
    execution = new CellExecution(classes);
    shell = JShell.builder().executionEngine(execution, Map.of()).build();
    shell.addToClasspath(classpath(classes));
    analysis = shell.sourceCodeAnalysis();
    IMPORTS.forEach(name -> shell.eval("import " + name + ";"));
  }

  /** Also the jars that spark-submit has put into class loaders of its own. */
  private static String classpath(ClassLoader classes) {
    Set<String> paths =
        new LinkedHashSet<>(
            List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
    for (ClassLoader loader = classes; loader != null; loader = loader.getParent()) {
      if (loader instanceof URLClassLoader jars) {
        for (URL jar : jars.getURLs()) {
          paths.add(Path.of(URI.create(jar.toString())).toString());
        }
      }
    }
    return String.join(File.pathSeparator, paths);
  }

  /**
   * Runs a cell.
   *
   * @return the value of its last expression, where the cell ends in one without a semicolon; else
   *     null
   * @throws CellFailure when the compiler refuses it, it throws, or it is interrupted
   */
  Object run(String cell) {
    cells++;
    execution.takeInterrupt();
    Object value = null;
    int start = 0;
    while (start < cell.length()) {
      start += leadingSpace(cell.substring(start));
      CompletionInfo part = analysis.analyzeCompletion(cell.substring(start));
      if (part.completeness() == Completeness.EMPTY) {
        break;
      }
      int end = end(part, cell);
      value = evaluate(cell.substring(start, end), new CellPlace(cells, cell, start));
      start = end;
    }
    return value;
  }

  /**
   * Runs a cell and makes something of its value, which may take as long: a table is read only when
   * it is shown.
   *
   * @return null where the cell has no value
   * @throws CellFailure as {@link #run} does, and when nothing can be made of the value
   */
  <T> T show(String cell, Function<Object, T> rendering) {
    Object value = run(cell);
    if (value == null) {
      return null;
    }
    try {
      return execution.call(() -> rendering.apply(value));
    } catch (ExecutionException e) {
      requireUninterrupted(last);
      throw CellFailures.notShown(e.getCause(), last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(last);
    }
  }

  private void requireUninterrupted(CellPlace place) {
    if (execution.takeInterrupt()) {
      throw interrupted(place);
    }
  }

  private static CellFailure interrupted(CellPlace place) {
    return new CellFailure(place.at(0) + ": interrupted", List.of());
  }

  /** Where in a cell its next statement ends. */
  private static int end(CompletionInfo part, String cell) {
    return part.source() == null ? cell.length() : cell.length() - part.remaining().length();
  }

  private static int leadingSpace(String source) {
    return source.length() - source.stripLeading().length();
  }

  private Object evaluate(String source, CellPlace place) {
    last = place;
    Object value = null;
    for (SnippetEvent event : shell.eval(source)) {
      if (event.causeSnippet() != null) {
        continue;
      }
      Snippet snippet = event.snippet();
      places.put(snippet.id(), place);
      requireUninterrupted(place);
      if (event.status() == Snippet.Status.REJECTED) {
        throw CellFailures.rejected(shell.diagnostics(snippet).toList(), place);
      }
      if (event.exception() != null) {
        throw CellFailures.thrown(event.exception(), places, shell);
      }
      boolean shown = isExpression(snippet) && !source.stripTrailing().endsWith(";");
      value = shown ? execution.value() : null;
    }
    return value;
  }

  /** JShell makes a variable of most expressions. */
  private static boolean isExpression(Snippet snippet) {
    return snippet.kind() == Snippet.Kind.EXPRESSION
        || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
  }

  /** Stops the cell that runs, if one does. */
  void interrupt() {
    execution.stop();
  }

  /** Whether a cell could be run as it stands. */
  Completeness completeness(String cell) {
    return inPart(cell, cell.length(), (part, start) -> analysis.analyzeCompletion(part))
        .completeness();
  }

  /** What can stand at a place of a cell. */
  Completions completions(String cell, int cursor) {
    return inPart(
        cell,
        cursor,
        (part, start) -> {
          int[] anchor = {cursor - start};
          List<String> found =
              analysis.completionSuggestions(part, cursor - start, anchor).stream()
                  .map(SourceCodeAnalysis.Suggestion::continuation)
                  .distinct()
                  .toList();
          return new Completions(found, start + anchor[0], cursor);
        });
  }

  /** The signatures of what stands at a place of a cell. */
  List<String> signatures(String cell, int cursor) {
    return inPart(
        cell,
        cursor,
        (part, start) ->
            analysis.documentation(part, cursor - start, false).stream()
                .map(SourceCodeAnalysis.Documentation::signature)
                .distinct()
                .toList());
  }

  /** Looks at the statement that holds a place of a cell: JShell knows one at a time. */
  private <T> T inPart(String cell, int cursor, BiFunction<String, Integer, T> look) {
    int start = 0;
    while (true) {
      CompletionInfo part = analysis.analyzeCompletion(cell.substring(start));
      int end = end(part, cell);
      if (end >= cursor || end == cell.length()) {
        return look.apply(cell.substring(start, end), start);
      }
      start = end;
    }
  }

  @Override
  public void close() {
    shell.close();
  }

  /**
   * What can stand at a place.
   *
   * @param texts what
   * @param start where the text begins that each would replace
   * @param end where that ends
   */
  record Completions(List<String> texts, int start, int end) {
    Completions {
      texts = List.copyOf(texts);
    }
  }
}
