package io.latentlake.bench;

import java.io.PrintWriter;
import java.util.Collections;
import java.util.Locale;

/** A report as text. */
final class Table {
  private final PrintWriter out;

  Table(PrintWriter out) {
    this.out = out;
  }

  void print(Report report) {
    Machine machine = report.machine();
    line(
        "%s, %d cores; Java %s, Spark %s, OMP_NUM_THREADS=%s; %d repetitions by turns",
        machine.processor(),
        machine.cores(),
        machine.java(),
        machine.spark(),
        machine.openMpThreads(),
        report.repetitions());
    line("");
    line("%-50s %12s %-8s %21s  %s", "what", "median", "", "from to", "ratio");
    report.figures().forEach(this::print);
    for (Report.Skipped skipped : report.skipped()) {
      line("%-50s not measured: %s", skipped.section(), skipped.why());
    }
    if (!report.projections().isEmpty()) {
      printProjections(report);
    }
    out.flush();
  }

  private void print(Figure figure) {
    String range =
        "%s %s"
            .formatted(
                number(Collections.min(figure.samples())),
                number(Collections.max(figure.samples())));
    String ratio =
        figure.ratio() == null
            ? ""
            : "%.2f x %s"
                .formatted(
                    figure.ratio(),
                    Quantity.valueOf(figure.comparedWith().toUpperCase(Locale.ROOT)).label());
    line(
        "%-50s %12s %-8s %21s  %s",
        figure.label(), number(figure.median()), figure.unit(), range, ratio);
  }

  private void printProjections(Report report) {
    line("");
    line(
        "Projected rounds of %d minibatches: serialization and loopback, no network; broadcast from"
            + " executor to executor",
        report.projections().get(0).minibatches());
    line(
        "%12s %9s %10s %10s %10s %10s %10s %10s %9s",
        "parameters",
        "executors",
        "MB down",
        "MB up",
        "broadcast",
        "collect",
        "in a tree",
        "compute",
        "overhead");
    for (Projection round : report.projections()) {
      line(
          "%,12d %9d %10.0f %10.0f %8.2f s %8.2f s %8.2f s %8.2f s %8.0f%%",
          round.parameters(),
          round.executors(),
          round.megabytesDown(),
          round.megabytesUp(),
          round.broadcastSeconds(),
          round.collectSeconds(),
          round.treeSeconds(),
          round.computeSeconds(),
          100 * round.overhead());
    }
  }

  /** With three digits at least. */
  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.3f" : "%,.0f", value);
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
