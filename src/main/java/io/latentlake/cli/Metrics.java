package io.latentlake.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.latentlake.data.FileSystems;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Drift;
import io.latentlake.score.Evaluation;
import io.latentlake.score.TableJob;
import io.latentlake.score.ThresholdRule;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import io.latentlake.train.History;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A run's figures, as {@code --metrics} writes them. */
final class Metrics {
  private static final String EPOCHS = "epochs";

  private final Map<String, Object> figures = new LinkedHashMap<>();

  private Metrics() {}

  /** A training run's. */
  static Metrics of(History history, TrainedVae model) {
    var metrics = new Metrics();
    metrics.figures.put("devices", history.devices());
    metrics.figures.put(EPOCHS, history.epochs());
    metrics.figures.put("time", history.time());
    metrics.figures.put("rows", model.provenance().rows());
    metrics.figures.put("rejected_rows", model.provenance().rejectedRows());
    metrics.figures.put("rows_per_second", history.rowsPerSecond(model.provenance().rows()));
    return metrics;
  }

  /**
   * A run's through a table.
   *
   * @param input the table
   */
  static Metrics of(TableJob.Result result, TableOptions.Read input) {
    var metrics = new Metrics();
    metrics.figures.put("input", input);
    metrics.figures.put("rows", result.counts().scored());
    metrics.figures.put("rejected_rows", result.counts().rejected());
    metrics.figures.put("rejected_by_reason", result.counts().rejectedByReason());
    metrics.figures.put("seconds", result.seconds());
    metrics.figures.put("rows_per_second", result.rowsPerSecond());
    return metrics;
  }

  /** An evaluation's. */
  static Metrics of(Evaluation evaluation) {
    var metrics = new Metrics();
    metrics.putAll(evaluation);
    return metrics;
  }

  /** A choice of threshold's. */
  static Metrics of(ThresholdRule rule) {
    return new Metrics().with("rule", rule.rule().label()).with("wanted", rule.wanted());
  }

  /** A comparison's with the training rows. */
  static Metrics of(Drift drift, double limit, boolean passes) {
    return new Metrics()
        .with(drift)
        .with("largest", drift.largest())
        .with("limit", limit)
        .with("drifted", !passes);
  }

  /** The whole quickstart's; {@code rows_per_second} is the scoring's. */
  static Metrics of(
      History history, TrainedVae model, TableJob.Result scoring, Evaluation evaluation) {
    var metrics = new Metrics();
    metrics.figures.put(EPOCHS, history.epochs());
    metrics.figures.put("test_loss", history.last().validation().loss());
    metrics.figures.put(
        "training_rows_per_second", history.rowsPerSecond(model.provenance().rows()));
    metrics.figures.put("rows_per_second", scoring.rowsPerSecond());
    metrics.putAll(evaluation);
    return metrics;
  }

  private void putAll(Evaluation evaluation) {
    figures.put("rows", evaluation.rows());
    figures.put("positives", evaluation.positives());
    figures.put("auroc", evaluation.auroc());
    figures.put("auprc", evaluation.auprc());
    figures.put("precision", evaluation.precision());
    figures.put("recall", evaluation.recall());
  }

  /** The same and one figure more. */
  Metrics with(String name, Object figure) {
    figures.put(name, figure);
    return this;
  }

  /** The same and a record's figures, if there are any. */
  Metrics with(Optional<? extends Record> more) {
    more.ifPresent(this::with);
    return this;
  }

  /** The same and a record's figures. */
  Metrics with(Record more) {
    figures.putAll(Json.METRICS.convertValue(more, new TypeReference<Map<String, Object>>() {}));
    return this;
  }

  /**
   * Checks that the file can be written, while there is nothing yet that would be done a second
   * time.
   *
   * @throws InvalidInputException when it can't
   */
  static void requirePlace(Optional<String> file, Configuration hadoop) {
    file.ifPresent(name -> FileSystems.requireWritable(name, hadoop));
  }

  /** Tells the run's log, and writes a file where one is asked for. */
  void report(RunLog log, Optional<String> file, Configuration hadoop) {
    var told = new LinkedHashMap<>(figures);
    // Each was told when it was done, and its rounds may be thousands.
    told.remove(EPOCHS);
    log.event("figures", told);
    file.ifPresent(name -> write(name, hadoop));
  }

  /** A run that is killed meanwhile leaves the file that was there, or none. */
  private void write(String file, Configuration hadoop) {
    try {
      FileSystems.replace(new Path(file), Json.METRICS.writeValueAsBytes(figures), hadoop);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures are numbers, lists and maps", e);
    }
  }
}
