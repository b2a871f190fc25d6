package io.latentlake.cli;

import io.latentlake.data.StagedFolder;
import io.latentlake.model.Calibration;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.Threshold;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.ScoredRows;
import io.latentlake.score.SegmentThreshold;
import io.latentlake.score.ThresholdRule;
import io.latentlake.spec.ScoreSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code latentlake threshold}. */
@Command(
    name = "threshold",
    description =
        "Chooses another threshold without scoring again: from the training rows' scores that the"
            + " model keeps, for a budget and for segments from scored tables.",
    mixinStandardHelpOptions = true)
final class ThresholdCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private ScoredTables tables;

  @ArgGroup(multiplicity = "1")
  private ThresholdOptions wanted;

  @Option(
      names = "--days",
      defaultValue = "1",
      paramLabel = "D",
      description = "How many days the scores cover, for --budget (default: 1).")
  private double days;

  @Option(
      names = "--segment-by",
      paramLabel = "COLUMN",
      description =
          "Choose a threshold for each value of a column of the scores, from its rows alone; rows of a"
              + " value without one have the model's.")
  private Optional<String> segmentBy;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where a model goes that flags by this threshold; the other stays what it is.")
  private Optional<String> output;

  @Option(names = "--overwrite", description = "Replace a model that is there.")
  private boolean overwrite;

  @Option(names = "--metrics", paramLabel = "FILE", description = "Where the figures go, as JSON.")
  private Optional<String> metrics;

  @Override
  public Integer call() throws IOException {
    ThresholdRule rule = wanted.rule(days);
    try (var session = Session.open("threshold", main.verbose)) {
      Metrics.requirePlace(metrics, session.hadoop());
      TrainedVae trained = ModelFolder.read(model.folder(), session.hadoop());
      if (segmentBy.isPresent()) {
        segments(session, rule, trained, segmentBy.get());
      } else {
        single(session, rule, trained);
      }
    }
    return 0;
  }

  private void segments(Session session, ThresholdRule rule, TrainedVae trained, String column)
      throws IOException {
    Dataset<Row> scores = tables.open(session.spark(), trained, model.folder(), column);
    if (output.isPresent()) {
      ScoredRows.requireSegments(scores, column);
    }
    List<SegmentThreshold> segments = ScoredRows.thresholds(scores, column, rule);
    if (output.isPresent()) {
      SegmentThresholds kept = SegmentThreshold.kept(segments, column, rule);
      Calibration calibration = trained.requireCalibration().withSegments(kept);
      write(trained.withCalibration(calibration), output.get(), session);
    }
    print(segments, column, command.commandLine().getOut());
    Metrics.of(rule).with("segments", segments).report(main.log, metrics, session.hadoop());
  }

  private void single(Session session, ThresholdRule rule, TrainedVae trained) throws IOException {
    boolean budget = rule.rule() == Threshold.Rule.BUDGET;
    Optional<ScoreDistribution> scored =
        tables.given() || budget
            ? Optional.of(
                ScoredRows.distribution(tables.open(session.spark(), trained, model.folder())))
            : Optional.empty();
    ScoreDistribution training = trained.requireCalibration().distribution();
    Threshold threshold = rule.place(budget ? scored.orElseThrow() : training);
    if (output.isPresent()) {
      write(flaggingBy(threshold, trained), output.get(), session);
    }
    print(threshold, scored, command.commandLine().getOut());
    figures(rule, threshold, scored).report(main.log, metrics, session.hadoop());
  }

  private static TrainedVae flaggingBy(Threshold threshold, TrainedVae trained) {
    Calibration calibration = trained.requireCalibration();
    if (threshold.rule() != Threshold.Rule.CONTAMINATION) {
      return trained.withCalibration(calibration.withThreshold(threshold));
    }
    ScoreSpec score = trained.configuration().score();
    return trained
        .scoringBy(score.with(score.kind(), threshold.wanted()))
        .withCalibration(calibration.withContamination(threshold.wanted()));
  }

  private void write(TrainedVae trained, String place, Session session) throws IOException {
    List<String> read = Stream.concat(tables.named().stream(), Stream.of(model.folder())).toList();
    try (var folder = StagedFolder.create(place, overwrite, read, session.hadoop())) {
      ModelFolder.write(trained, folder.files(), folder.path());
      folder.commit();
    }
  }

  private void print(Threshold threshold, Optional<ScoreDistribution> scored, PrintWriter out) {
    output.ifPresent(place -> out.printf("The model is in %s%n", place));
    out.printf(
        Locale.ROOT,
        "Past a raw score of %.6g a row is an anomaly (%s %s)%n",
        threshold.score(),
        threshold.rule().label(),
        threshold.wanted());
    scored.ifPresent(
        rows ->
            out.printf(
                Locale.ROOT,
                "%,d of %,d scored rows are past it%n",
                rows.rowsPast(threshold.score()),
                rows.rows()));
    out.flush();
  }

  private void print(List<SegmentThreshold> segments, String column, PrintWriter out) {
    output.ifPresent(place -> out.printf("The model is in %s%n", place));
    String line = "%-24s %14s %14s %12s%n";
    out.printf(line, column, "rows", "threshold", "past it");
    for (SegmentThreshold segment : segments) {
      String rows = String.format(Locale.ROOT, "%,d", segment.rows());
      if (segment.problem() == null) {
        String threshold = String.format(Locale.ROOT, "%.6g", segment.threshold());
        String flagged = String.format(Locale.ROOT, "%,d", segment.flagged());
        out.printf(line, segment.segment(), rows, threshold, flagged);
      } else {
        out.printf("%-24s %14s   %s%n", segment.segment(), rows, segment.problem());
      }
    }
    out.flush();
  }

  private static Metrics figures(
      ThresholdRule rule, Threshold threshold, Optional<ScoreDistribution> scored) {
    Metrics figures = Metrics.of(rule).with("threshold", threshold.score());
    scored.ifPresent(
        rows ->
            figures.with("rows", rows.rows()).with("flagged", rows.rowsPast(threshold.score())));
    return figures;
  }
}
