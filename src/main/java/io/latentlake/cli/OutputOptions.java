package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.LakeOutput;
import io.latentlake.data.Layout;
import io.latentlake.data.MalformedRecords;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.TableJob;
import io.latentlake.train.Trainer.NamedTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a command that makes a table of a table writes it, and what goes along. */
final class OutputOptions {
  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description =
          "Where the table goes, a folder or a table of a lake; rows that can't be used go to"
              + " DIR/_rejected.")
  String output;

  @Option(
      names = "--keep",
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns of the input that go along (default: all but the features; none: '').")
  private List<String> keep;

  @Mixin private BadRowOptions badRows;

  @Option(names = "--overwrite", description = "Replace an output folder that is there.")
  boolean overwrite;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Where the run's figures go, as JSON.")
  Optional<String> metrics;

  /** The folder or table to write, which doesn't replace the table or the model it is made of. */
  TableOutput open(Session session, TableOptions table, ModelOption model, Format format) {
    if (!format.isLake()) {
      return staged(session, table, model);
    }
    Metrics.requirePlace(metrics, session.hadoop());
    if (overwrite) {
      StagedFolder.requireOutside(List.of(table.input, model.folder()), output, session.hadoop());
    }
    return new LakeOutput(session.spark(), output, format, overwrite);
  }

  /** The folder to write, which doesn't replace the table or the model that it is made of. */
  StagedFolder staged(Session session, TableOptions table, ModelOption model) {
    Metrics.requirePlace(metrics, session.hadoop());
    table.requireOutside("--output", output, session);
    return StagedFolder.create(
        output, overwrite, List.of(table.input, model.folder()), session.hadoop());
  }

  /** Refuses a budget of bad rows that makes no sense, before anything is opened. */
  void requireBudget() {
    badRows.budget();
  }

  /** What is asked for, into Parquet files. */
  TableJob.Request request(NamedTable table, TrainedVae model) {
    return request(table, kept(table, model), Layout.of(Format.PARQUET));
  }

  /**
   * What is asked for.
   *
   * @param out is told where the layout follows the input's
   */
  TableJob.Request request(
      NamedTable table, TrainedVae model, LayoutOptions layout, PrintWriter out) {
    return request(table, kept(table, model), layout, out);
  }

  /** The same with these columns that go along. */
  TableJob.Request request(
      NamedTable table, List<String> kept, LayoutOptions layout, PrintWriter out) {
    return request(table, kept, layout.of(output, table.rows(), kept, out));
  }

  private TableJob.Request request(NamedTable table, List<String> kept, Layout layout) {
    return new TableJob.Request(
        table.name(), table.rows(), kept, layout, badRows.onBadRow(), badRows.budget());
  }

  /** The columns to keep: those named, or all but the features. */
  List<String> kept(NamedTable table, TrainedVae model) {
    if (keep != null) {
      return keep.stream().filter(name -> !name.isEmpty()).toList();
    }
    return MalformedRecords.columns(table.rows()).stream()
        .filter(name -> !model.features().names().contains(name))
        .toList();
  }

  /**
   * Prints what was done, and to how many rows nothing could be.
   *
   * @param to where it was written
   */
  void report(String what, TableJob.Result result, TableOutput to, PrintWriter out) {
    report(what, result, output, to.rejected(output), out);
  }

  static void report(String what, TableJob.Result result, String output, PrintWriter out) {
    report(what, result, output, output + "/" + TableJob.REJECTED, out);
  }

  /** The same, where the rows that could not be used are somewhere of their own. */
  static void report(
      String what, TableJob.Result result, String output, String rejected, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s %,d rows in %.1f s (%,.0f rows/s) into %s%n",
        what,
        result.counts().scored(),
        result.seconds(),
        result.rowsPerSecond(),
        output);
    result
        .counts()
        .rejectedByReason()
        .forEach(
            (reason, count) ->
                out.printf(
                    Locale.ROOT,
                    "Not %s: %,d rows, %s; they are in %s%n",
                    what.toLowerCase(Locale.ROOT),
                    count,
                    reason,
                    rejected));
    out.flush();
  }
}
