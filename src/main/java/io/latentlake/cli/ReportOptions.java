package io.latentlake.cli;

import picocli.CommandLine.Option;

/** Whether a command makes a report of what it made. */
final class ReportOptions {
  @Option(
      names = "--no-report",
      description =
          "Make no report: no report.html in a model's folder, no _report.html in scores.")
  private boolean none;

  boolean wanted() {
    return !none;
  }
}
