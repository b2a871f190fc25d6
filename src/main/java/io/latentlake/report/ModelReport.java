package io.latentlake.report;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeaturePlan;
import io.latentlake.model.Calibration;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.Provenance;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Generator;
import io.latentlake.train.EarlyStop;
import io.latentlake.train.History;
import io.latentlake.train.LatentUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** The report of a trained model. */
public final class ModelReport {
  /** The file, in the model's folder. */
  public static final String FILE = "report.html";

  private final TrainedVae model;
  private final Optional<History> history;

  private ModelReport(TrainedVae model, Optional<History> history) {
    this.model = model;
    this.history = history;
  }

  /**
   * Makes it.
   *
   * @param model a calibrated one
   * @param history how it was trained, where that is known
   * @param sample rows to look at it with; without them there are no reconstructions and no map
   * @param settings Spark's of the training, without secrets; empty where they aren't known
   * @return the file's content
   */
  public static byte[] of(
      SparkSession spark,
      TrainedVae model,
      Optional<History> history,
      Optional<RowSample> sample,
      Map<String, String> settings) {
    Optional<History> told = history.filter(run -> !run.epochs().isEmpty());
    var report = new ModelReport(model, told);
    Optional<EarlyStop> stopped = history.map(History::stoppedEarly);
    return new Page(
            "model report",
            report.headline(),
            report.lead(stopped.isPresent()),
            stopped.map(ModelReport::warning).orElse(null),
            report.tiles(),
            report.sections(spark, sample, settings))
        .html();
  }

  private String headline() {
    String what =
        "%s, learned by a %s"
            .formatted(
                Redaction.place(model.provenance().input()),
                model.configuration().model().variant());
    return history
        .map(
            run -> {
              boolean validated = run.isValidated();
              double loss = (validated ? run.last().validation() : run.last().train()).loss();
              return "%s: %s loss %s nats a row"
                  .formatted(what, validated ? "validation" : "training", Readable.nats(loss));
            })
        .orElse(what);
  }

  private static String warning(EarlyStop stop) {
    return "Training stopped early: %s. This is the model of round %d, the last good one; train again before it is put to use."
        .formatted(stop.reason(), stop.lastGoodRound());
  }

  private String lead(boolean stoppedEarly) {
    Calibration calibration = model.requireCalibration();
    String own = calibration.segments().map(by -> " " + by.scope() + ".").orElse("");
    String flagged =
        "A row whose raw score (%s) is past %s is an anomaly: %s of the training rows are.%s"
            .formatted(
                Thresholds.scoreName(model),
                Readable.number(calibration.threshold()),
                Readable.share(
                    Thresholds.past(calibration.distribution(), calibration.threshold())),
                own);
    return stoppedEarly
        ? flagged
        : flagged
            + " To flag more or fewer, choose another threshold below; nothing needs to be trained again.";
  }

  private List<Page.Tile> tiles() {
    Provenance provenance = model.provenance();
    FeaturePlan features = model.features();
    var tiles = new ArrayList<Page.Tile>();
    tiles.add(new Page.Tile(Readable.count(provenance.rows()), "training rows"));
    if (provenance.rejectedRows() > 0) {
      tiles.add(
          new Page.Tile(Readable.count(provenance.rejectedRows()), "rows that could not be used"));
    }
    int columns = features.columns().size();
    tiles.add(
        new Page.Tile(
            Readable.count(features.shape().features()),
            columns == 1
                ? "features, of one column"
                : "features, of %d columns".formatted(columns)));
    tiles.add(new Page.Tile(Readable.count(model.parameterCount()), "weights"));
    history.ifPresent(run -> addRun(run, tiles));
    return tiles;
  }

  private void addRun(History run, List<Page.Tile> tiles) {
    if (run.latent() != null) {
      tiles.add(
          new Page.Tile(
              "%d of %d".formatted(run.latent().activeUnits(), run.latent().dimensions()),
              "latent dimensions used"));
    }
    if (run.logLikelihood() != null) {
      tiles.add(new Page.Tile(Readable.nats(run.logLikelihood()), "log p(x), nats, from below"));
    }
    tiles.add(
        new Page.Tile(
            Readable.seconds(run.seconds()),
            run.epochs().size() == 1 ? "one epoch" : "%d epochs".formatted(run.epochs().size())));
    double rate = run.rowsPerSecond(model.provenance().rows());
    tiles.add(new Page.Tile(Readable.count(Math.round(rate)), "rows/s in training"));
  }

  private List<Section> sections(
      SparkSession spark, Optional<RowSample> sample, Map<String, String> settings) {
    var sections = new ArrayList<Section>();
    history.map(LearningSection::of).ifPresent(sections::add);
    try (var generator = new Generator(model)) {
      SightSection.of(model, sample, generator).ifPresent(sections::add);
      Optional<LatentUse> use = history.map(History::latent);
      LatentSection.of(spark, model, sample, use, generator).ifPresent(sections::add);
    }
    sections.add(scores());
    sections.add(features());
    sections.add(versions());
    sections.add(Sections.configuration("Configuration", model));
    if (!settings.isEmpty()) {
      sections.add(Sections.spark(settings));
    }
    return sections;
  }

  private Section scores() {
    Calibration calibration = model.requireCalibration();
    var section = new Section("scores", "Scores and threshold");
    section.say(
        "The threshold is %s: %s."
            .formatted(Readable.number(calibration.threshold()), Thresholds.chosenBy(calibration)));
    Thresholds.ofSegments(calibration, section);
    return section
        .show(
            ScoreDiagram.of(
                calibration.distribution(),
                Optional.empty(),
                calibration.threshold(),
                "How the training rows score. The last bar holds the 0.1 % with higher scores. Good: one hill, and a thin tail past the threshold."))
        .show(Thresholds.instead(calibration.distribution(), calibration.threshold()))
        .advise(
            "A model that flags 0.1 %:",
            "latentlake threshold --model DIR --contamination 0.001 --output OTHER");
  }

  private Section features() {
    Grid grid = Grid.of("Column", "Kind", "#Features", "Becomes", "#Missing");
    for (ColumnPlan column : model.features().columns()) {
      grid.row(
          column.name(),
          column.label(),
          Readable.count(column.width()),
          column.becomes(),
          column.missing() == 0 ? "–" : Readable.share(column.missing()));
    }
    List<String> given = model.features().condition().names();
    var section = new Section("features", "Columns").show(grid);
    return given.isEmpty() ? section : section.say("It is given " + String.join(", ", given) + ".");
  }

  private Section versions() {
    Provenance provenance = model.provenance();
    var values = new LinkedHashMap<String, String>();
    values.put("Model", ModelFolder.id(model));
    values.put("Trained", provenance.created());
    values.put("Table", Redaction.place(provenance.input()));
    values.put("LatentLake", provenance.latentlake());
    values.put("Spark", provenance.spark());
    history
        .filter(run -> !run.devices().isEmpty())
        .ifPresent(
            run ->
                values.put(
                    "Computed on",
                    run.devices().stream()
                        .map(each -> each.executor() + ": " + each.device())
                        .collect(Collectors.joining(", "))));
    return new Section("versions", "Where it comes from").show(Grid.of(values, "What", "Value"));
  }
}
