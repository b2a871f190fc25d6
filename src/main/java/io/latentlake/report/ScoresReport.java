package io.latentlake.report;

import io.latentlake.model.Calibration;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.Provenance;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Drift;
import io.latentlake.score.ScoreOverview;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The report of a scored table. */
public final class ScoresReport {
  /** The file, in the table's folder, where Spark passes over names that begin so. */
  public static final String FILE = "_report.html";

  /** Rows that are shown. */
  public static final int TOP = 20;

  /** This many times the training rows' share of anomalies is no chance. */
  private static final double MANY = 2;

  private final TrainedVae model;
  private final ScoreOverview overview;
  private final Optional<ScoringRun> run;
  private final Optional<Drift> drift;
  private final double threshold;

  private ScoresReport(
      TrainedVae model, ScoreOverview overview, Optional<ScoringRun> run, Optional<Drift> drift) {
    this.model = model;
    this.overview = overview;
    this.run = run;
    this.drift = drift;
    this.threshold = model.requireCalibration().threshold();
  }

  /**
   * Makes it.
   *
   * @param model that scored the table
   * @param overview of the table
   * @param run that scored it, where that is known
   * @param drift against the training rows, where it was computed
   * @param segmentBy the column of the overview's segments
   * @return the file's content
   */
  public static byte[] of(
      TrainedVae model,
      ScoreOverview overview,
      Optional<ScoringRun> run,
      Optional<Drift> drift,
      Optional<String> segmentBy) {
    var report = new ScoresReport(model, overview, run, drift);
    return new Page(
            "scoring report",
            report.headline(),
            report.lead(),
            null,
            report.tiles(),
            report.sections(segmentBy))
        .html();
  }

  private ScoreDistribution training() {
    return model.requireCalibration().distribution();
  }

  private long rows() {
    return overview.scores().rows();
  }

  private double flagged() {
    return (double) overview.anomalies() / rows();
  }

  private double usual() {
    return Thresholds.past(training(), threshold);
  }

  private double stability() {
    return Drift.stabilityIndex(training(), overview.scores());
  }

  private String headline() {
    return "%s of %s rows%s are anomalies"
        .formatted(
            Readable.count(overview.anomalies()),
            Readable.count(rows()),
            run.map(known -> " of " + known.input()).orElse(""));
  }

  private Optional<SegmentThresholds> segmentThresholds() {
    return model.requireCalibration().segments();
  }

  private String lead() {
    // Rows that have thresholds of their own are no measure of the model's.
    double past =
        segmentThresholds().isPresent() ? Thresholds.past(overview.scores(), threshold) : flagged();
    String compared =
        segmentThresholds()
            .map(
                by ->
                    "That is %s. %s. Past the model's own threshold are %s of these rows and %s of the training rows."
                        .formatted(
                            Readable.share(flagged()),
                            by.scope(),
                            Readable.share(past),
                            Readable.share(usual())))
            .orElseGet(
                () ->
                    "That is %s; of the training rows %s are past the threshold."
                        .formatted(Readable.share(flagged()), Readable.share(usual())));
    if (past > MANY * usual()) {
      return compared
          + " So this table holds anomalies, or it has drifted from the training table: "
          + (TopRows.areExplained(overview.top())
              ? "the reasons of the top rows tell which."
              : "look at the top rows, and at the drift below.");
    }
    return compared + " Begin with the top rows below.";
  }

  private List<Page.Tile> tiles() {
    var tiles = new ArrayList<Page.Tile>();
    tiles.add(new Page.Tile(Readable.count(rows()), "rows scored"));
    tiles.add(new Page.Tile(Readable.share(flagged()), "of them anomalies"));
    run.ifPresent(
        known ->
            tiles.add(
                new Page.Tile(
                    Readable.count(known.rejectedRows()), "rows that could not be scored")));
    tiles.add(
        new Page.Tile(
            Readable.number(threshold),
            segmentThresholds()
                .map(by -> "threshold of a %s without one, raw score".formatted(by.column()))
                .orElse("threshold, raw score")));
    tiles.add(
        new Page.Tile(
            Readable.number(stability()), "stability index, " + DriftSection.verdict(stability())));
    run.ifPresent(
        known ->
            tiles.add(new Page.Tile(Readable.count(Math.round(known.rowsPerSecond())), "rows/s")));
    return tiles;
  }

  private List<Section> sections(Optional<String> segmentBy) {
    var sections = new ArrayList<Section>();
    sections.add(TopRows.section(overview.top()));
    sections.add(scores());
    segmentBy.ifPresent(column -> sections.add(segments(column)));
    run.filter(known -> known.rejectedRows() > 0).map(this::rejected).ifPresent(sections::add);
    sections.add(DriftSection.of(stability(), drift));
    run.map(this::time).ifPresent(sections::add);
    sections.add(versions());
    sections.add(Sections.configuration("Configuration of the model", model));
    run.map(ScoringRun::settings)
        .filter(settings -> !settings.isEmpty())
        .map(Sections::spark)
        .ifPresent(sections::add);
    return sections;
  }

  private Section scores() {
    Calibration calibration = model.requireCalibration();
    var section = new Section("scores", "Scores and threshold");
    section.say(
        "The threshold is %s: %s."
            .formatted(Readable.number(threshold), Thresholds.chosenBy(calibration)));
    Thresholds.ofSegments(calibration, section);
    return section
        .show(
            ScoreDiagram.of(
                training(),
                Optional.of(overview.scores()),
                threshold,
                "Bars are this table, the line the training rows. Good: the bars follow the line, and what is past the threshold stands apart. The last bar holds all higher scores."))
        .show(Thresholds.instead(overview.scores(), threshold))
        .advise(
            "A model that flags a hundred rows of such a table:",
            "latentlake threshold --model DIR --scores DIR --budget 100 --output OTHER");
  }

  private Section segments(String column) {
    Grid grid = Grid.of(column, "#Rows", "#Anomalies", "#Share", "#Highest score");
    for (ScoreOverview.Segment segment : overview.segments().stream().limit(TOP).toList()) {
      grid.row(
          String.valueOf(segment.value()),
          Readable.count(segment.rows()),
          Readable.count(segment.anomalies()),
          Readable.share((double) segment.anomalies() / segment.rows()),
          Readable.aligned(segment.highest()));
    }
    var section = new Section("segments", "By " + column);
    int more = overview.segments().size() - TOP;
    if (more > 0) {
      section.say("The %d largest; there are %s more.".formatted(TOP, Readable.count(more)));
    }
    return section
        .show(grid)
        .advise(
            "A threshold for each:",
            "latentlake threshold --model DIR --scores DIR --segment-by %s --contamination 0.01"
                .formatted(ShellWords.quoted(column)));
  }

  private Section rejected(ScoringRun known) {
    Grid grid = Grid.of("Reason", "#Rows", "#Share");
    long all = known.rows() + known.rejectedRows();
    known
        .rejectedByReason()
        .forEach(
            (reason, rows) ->
                grid.row(reason, Readable.count(rows), Readable.share((double) rows / all)));
    return new Section("rejected", "Rows that could not be scored")
        .say("They lie beside the scores, in _rejected, each with its reason.")
        .show(grid);
  }

  private Section time(ScoringRun known) {
    TaskTime time = known.time();
    return new Section("time", "Where the time went")
        .say(
            "%s rows in %s, from the first one read to the last one written."
                .formatted(Readable.count(known.rows()), Readable.seconds(known.seconds())))
        .show(
            Diagrams.parts(
                "Tasks, summed over all cores",
                List.of(
                    new Figure.Part("c1", "computing", time.computing()),
                    new Figure.Part("c2", "collecting garbage", time.collecting()),
                    new Figure.Part("c3", "waiting for files or cores", time.waiting()),
                    new Figure.Part("c4", "starting tasks", time.starting())),
                "Good: most of it computing. Much waiting: slow storage, or more threads than cores."));
  }

  private Section versions() {
    Map<String, String> values = new LinkedHashMap<>();
    run.ifPresent(
        known -> {
          values.put("Table", known.input());
          values.put("Model's folder", known.model());
        });
    values.put("Model", ModelFolder.id(model));
    values.put("Trained", model.provenance().created());
    values.put("On", Redaction.place(model.provenance().input()));
    values.put("Score", Thresholds.scoreName(model));
    values.put("LatentLake", Provenance.runningVersion());
    return new Section("versions", "Where it comes from").show(Grid.of(values, "What", "Value"));
  }
}
