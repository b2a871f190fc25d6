package io.latentlake.notebook;

import io.latentlake.data.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.UnresolvedReferenceException;

/** Tells what the compiler, or a running cell, complained of in the user's own lines. */
final class CellFailures {
  private CellFailures() {}

  /** What the compiler refused. */
  static CellFailure rejected(List<Diag> diagnostics, CellPlace place) {
    var details = new ArrayList<String>();
    Optional<Diag> first = Optional.empty();
    for (Diag diagnostic : diagnostics) {
      if (diagnostic.isError()) {
        first = first.or(() -> Optional.of(diagnostic));
        int position = (int) diagnostic.getPosition();
        details.add(place.at(position) + ": " + diagnostic.getMessage(Locale.ROOT));
        details.addAll(place.marked(position).lines().toList());
      }
    }
    return new CellFailure(
        first.map(diagnostic -> told(diagnostic, place)).orElse(place.at(0) + ": not Java"),
        details);
  }

  private static String told(Diag diagnostic, CellPlace place) {
    String firstLine = diagnostic.getMessage(Locale.ROOT).lines().findFirst().orElse("");
    return place.at((int) diagnostic.getPosition()) + ": " + firstLine;
  }

  /**
   * What a running cell threw.
   *
   * @param places of the snippets by their ids, which stand for files in the stack
   */
  static CellFailure thrown(
      JShellException exception, Map<String, CellPlace> places, JShell shell) {
    var details = new ArrayList<String>();
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      details.add((cause == exception ? "" : "caused by ") + told(cause, shell));
      lines(cause, places)
          .forEach(line -> details.add("    at %s: %s".formatted(line.name(), line.code())));
    }
    String where =
        lines(exception, places).stream().findFirst().map(line -> line.name() + ": ").orElse("");
    return new CellFailure(where + told(exception, shell), details);
  }

  /** Why a value can't be shown, such as a table that can't be read. */
  static CellFailure notShown(Throwable failure, CellPlace place) {
    var details = new ArrayList<String>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String told = Addresses.withoutSecrets(cause.toString());
      details.add((cause == failure ? "" : "caused by ") + told);
    }
    return new CellFailure(place.at(0) + ": " + details.get(0), details);
  }

  /** The user's lines of a stack, the innermost first. */
  private static List<CellPlace.Line> lines(Throwable exception, Map<String, CellPlace> places) {
    var lines = new ArrayList<CellPlace.Line>();
    for (StackTraceElement frame : exception.getStackTrace()) {
      String file = frame.getFileName();
      if (file != null && file.startsWith("#") && places.containsKey(file.substring(1))) {
        lines.add(places.get(file.substring(1)).line(frame.getLineNumber()));
      }
    }
    return lines;
  }

  private static String told(Throwable exception, JShell shell) {
    if (exception instanceof EvalException thrown) {
      String message = thrown.getMessage();
      // It is saved with the notebook.
      return thrown.getExceptionClassName()
          + (message == null ? "" : ": " + Addresses.withoutSecrets(message));
    }
    if (exception instanceof UnresolvedReferenceException unresolved) {
      return "%s uses what isn't defined: %s"
          .formatted(
              unresolved.getSnippet().name(),
              shell
                  .unresolvedDependencies(unresolved.getSnippet())
                  .collect(Collectors.joining(", ")));
    }
    return Addresses.withoutSecrets(exception.toString());
  }
}
