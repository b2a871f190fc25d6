package io.latentlake.score;

import io.latentlake.data.InternalRows;
import io.latentlake.model.Calibration;
import io.latentlake.model.LatentDistribution;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.ScoreSpec;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Scores the training rows to learn what their measures are. */
public final class Calibrator {
  private final Broadcast<TrainedVae> model;
  private final JavaRDD<InternalRow> rows;
  private final StructType columns;

  private Calibrator(Broadcast<TrainedVae> model, Dataset<Row> features) {
    this.model = model;
    this.rows = InternalRows.of(features);
    this.columns = features.schema();
  }

  /**
   * Calibrates a model.
   *
   * @param training the rows it was trained on
   * @return the same model with its calibration
   * @throws io.latentlake.spec.InvalidInputException when the model can't be measured so
   */
  public static TrainedVae calibrate(
      JavaSparkContext spark, TrainedVae model, Dataset<Row> training) {
    requireMeasurable(model);
    Broadcast<TrainedVae> shared = spark.broadcast(model);
    try {
      var calibrator = new Calibrator(shared, model.encoder().select(training));
      return model.withCalibration(calibrator.calibration(model.configuration().score()));
    } finally {
      shared.destroy();
    }
  }

  /**
   * Refuses a kind of score that a model can't have, before it is trained.
   *
   * @throws io.latentlake.spec.InvalidInputException naming it
   */
  public static void requireMeasurable(TrainedVae model) {
    if (model.configuration().score().kind() != ScoreSpec.Kind.LATENT_DISTANCE) {
      Measure.of(model).close();
    }
  }

  private Calibration calibration(ScoreSpec spec) {
    if (spec.kind() != ScoreSpec.Kind.LATENT_DISTANCE) {
      return calibration(Measure::of, spec);
    }
    LatentDistribution latents = survey(measured -> Measure.NONE).latents.distribution();
    return calibration(measured -> Measure.latentDistance(latents), spec);
  }

  private Calibration calibration(Measure.Recipe measure, ScoreSpec spec) {
    Survey found = survey(measure);
    return Calibration.of(
            KllFloatsSketch.heapify(Memory.wrap(found.measures)), spec.contamination())
        .withColumns(found.columns.stream().map(ColumnTally::distribution).toList())
        .withLatents(found.latents.distribution());
  }

  /** In a tree: a sketch has up to half a megabyte, and a table may have many partitions. */
  private Survey survey(Measure.Recipe measure) {
    Broadcast<TrainedVae> shared = model;
    StructType schema = columns;
    return rows.mapPartitions(
            part -> List.of(survey(shared.value(), measure, schema, part)).iterator())
        .treeReduce(Survey::plus);
  }

  /**
   * What is found out about rows.
   *
   * @param measures a sketch of them, serialized
   * @param columns what the rows' columns hold
   * @param latents where their μ(x) lie
   */
  private record Survey(byte[] measures, List<ColumnTally> columns, LatentMoments latents)
      implements Serializable {
    Survey plus(Survey other) {
      KllFloatsSketch merged = KllFloatsSketch.heapify(Memory.wrap(measures));
      merged.merge(KllFloatsSketch.heapify(Memory.wrap(other.measures)));
      return new Survey(
          merged.toByteArray(),
          ColumnTally.merge(columns, other.columns),
          latents.plus(other.latents));
    }
  }

  private static Survey survey(
      TrainedVae model, Measure.Recipe measure, StructType columns, Iterator<InternalRow> rows) {
    List<ColumnTally> tallies = ColumnTally.of(model.features());
    KllFloatsSketch measures = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    var latents = new LatentMoments(model.configuration().model().latent());
    if (rows.hasNext()) {
      try (var scorer = new BatchScorer(model, measure.open(model))) {
        PartitionBatches.each(
            rows,
            model.encoder().bind(columns),
            scorer.staging(),
            scorer.capacity(),
            staged -> {
              // Before scoring, which may fill gaps in.
              ColumnTally.addRows(tallies, scorer.staging(), model.features().width(), staged);
              latents.add(scorer.score(staged).latent(), staged);
              for (int row = 0; row < staged; row++) {
                measures.update(scorer.measures()[row]);
              }
            });
      }
    }
    return new Survey(measures.toByteArray(), tallies, latents);
  }
}
