package io.latentlake.score;

import io.latentlake.data.InternalRows;
import io.latentlake.model.Calibration;
import io.latentlake.model.LatentDistribution;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.ScoreSpec;
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
      return Calibration.of(measures(Measure::of), spec.contamination());
    }
    LatentDistribution latents = latents();
    return Calibration.of(
            measures(measured -> Measure.latentDistance(latents)), spec.contamination())
        .withLatents(latents);
  }

  private KllFloatsSketch measures(Measure.Recipe measure) {
    Broadcast<TrainedVae> shared = model;
    StructType schema = columns;
    // In a tree: a sketch has up to half a megabyte, and a table may have many partitions.
    byte[] merged =
        rows.mapPartitions(
                part -> List.of(sketch(shared.value(), measure, schema, part)).iterator())
            .treeReduce(Calibrator::merge);
    return KllFloatsSketch.heapify(Memory.wrap(merged));
  }

  private static byte[] merge(byte[] first, byte[] second) {
    KllFloatsSketch measures = KllFloatsSketch.heapify(Memory.wrap(first));
    measures.merge(KllFloatsSketch.heapify(Memory.wrap(second)));
    return measures.toByteArray();
  }

  private static byte[] sketch(
      TrainedVae model, Measure.Recipe measure, StructType columns, Iterator<InternalRow> rows) {
    KllFloatsSketch measures = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    if (rows.hasNext()) {
      try (var scorer = new BatchScorer(model, measure.open(model))) {
        PartitionBatches.each(
            rows,
            model.encoder().bind(columns),
            scorer.staging(),
            scorer.capacity(),
            staged -> {
              scorer.score(staged);
              for (int row = 0; row < staged; row++) {
                measures.update(scorer.measures()[row]);
              }
            });
      }
    }
    return measures.toByteArray();
  }

  private LatentDistribution latents() {
    Broadcast<TrainedVae> shared = model;
    StructType schema = columns;
    return rows.mapPartitions(part -> List.of(moments(shared.value(), schema, part)).iterator())
        .treeReduce(LatentMoments::plus)
        .distribution();
  }

  private static LatentMoments moments(
      TrainedVae model, StructType columns, Iterator<InternalRow> rows) {
    var moments = new LatentMoments(model.configuration().model().latent());
    if (rows.hasNext()) {
      try (var scorer = new BatchScorer(model, Measure.NONE)) {
        PartitionBatches.each(
            rows,
            model.encoder().bind(columns),
            scorer.staging(),
            scorer.capacity(),
            staged -> moments.add(scorer.score(staged).latent(), staged));
      }
    }
    return moments;
  }
}
