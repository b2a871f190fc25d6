package io.latentlake.notebook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import org.apache.spark.sql.SparkSession;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.kernel.util.TextColor;

/** Answers Jupyter's requests: runs cells, completes, explains, interrupts. */
public final class JavaKernel extends BaseKernel {
  private static final String INDENT = "    ";

  private final CellShell shell;

  /**
   * A kernel.
   *
   * @param classes what cells can use
   */
  public JavaKernel(ClassLoader classes) {
    super(
        "latentlake",
        version(),
        new LanguageInfo.Builder("java")
            .version(Runtime.version().toString())
            .mimetype("text/x-java-source")
            .fileExtension(".java")
            .pygments("java")
            .codemirror("text/x-java")
            .build(),
        List.of(),
        null,
        new JupyterIO(StandardCharsets.UTF_8),
        new CommManager(),
        Renderings.renderer(),
        null,
        new MagicsRegistry(),
        false,
        new StringStyler.Builder().addSecondaryStyle(TextColor.BOLD_RED_FG).build());
    shell = new CellShell(classes);
  }

  private static String version() {
    String version = JavaKernel.class.getPackage().getImplementationVersion();
    return version == null ? "unreleased" : version;
  }

  @Override
  public Object evalRaw(String cell) {
    return shell.run(cell);
  }

  @Override
  public DisplayData eval(String cell) {
    return shell.show(
        cell, value -> value instanceof DisplayData shown ? shown : renderer.render(value));
  }

  @Override
  public DisplayData inspect(String cell, int cursor, boolean detailed) {
    List<String> signatures = shell.signatures(cell, cursor);
    return signatures.isEmpty() ? null : new DisplayData(String.join("\n", signatures));
  }

  @Override
  public ReplacementOptions complete(String cell, int cursor) {
    var found = shell.completions(cell, cursor);
    return new ReplacementOptions(found.texts(), found.start(), found.end());
  }

  @Override
  public String isComplete(String cell) {
    Completeness completeness = shell.completeness(cell);
    return switch (completeness) {
      case COMPLETE, COMPLETE_WITH_SEMI, CONSIDERED_INCOMPLETE, EMPTY -> IS_COMPLETE_YES;
      case DEFINITELY_INCOMPLETE -> INDENT;
      case UNKNOWN -> IS_COMPLETE_BAD;
    };
  }

  @Override
  public void interrupt() {
    shell.interrupt();
  }

  @Override
  public void onShutdown(boolean restarts) {
    super.onShutdown(restarts);
    shell.interrupt();
    CellExecution.sparkSession().ifPresent(SparkSession::stop);
    shell.close();
  }

  /** The failure in the cell's own lines; of anything else, which is a fault of ours, its stack. */
  @Override
  public List<String> formatError(Throwable error) {
    if (!(error instanceof CellFailure failure)) {
      return super.formatError(error);
    }
    var lines = new ArrayList<>(failure.details());
    if (lines.isEmpty()) {
      lines.add(failure.getMessage());
    }
    lines.set(0, errorStyler.secondary(lines.get(0)));
    return lines;
  }
}
