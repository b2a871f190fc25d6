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
import scala.Tuple2;

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
    LatentDistribution latents = latents();
    return calibration(measured -> Measure.latentDistance(latents), spec).withLatents(latents);
  }

  private Calibration calibration(Measure.Recipe measure, ScoreSpec spec) {
    Broadcast<TrainedVae> shared = model;
    StructType schema = columns;
    // In a tree: a sketch has up to half a megabyte, and a table may have many partitions.
    Tuple2<byte[], List<ColumnTally>> merged =
        rows.mapPartitions(
                part -> List.of(sketch(shared.value(), measure, schema, part)).iterator())
            .treeReduce(Calibrator::merge);
    Calibration calibration =
        Calibration.of(KllFloatsSketch.heapify(Memory.wrap(merged._1())), spec.contamination());
    return calibration.withColumns(merged._2().stream().map(ColumnTally::distribution).toList());
  }

  private static Tuple2<byte[], List<ColumnTally>> merge(
      Tuple2<byte[], List<ColumnTally>> first, Tuple2<byte[], List<ColumnTally>> second) {
    KllFloatsSketch measures = KllFloatsSketch.heapify(Memory.wrap(first._1()));
    measures.merge(KllFloatsSketch.heapify(Memory.wrap(second._1())));
    return new Tuple2<>(measures.toByteArray(), ColumnTally.merge(first._2(), second._2()));
  }

  /** The measures of a partition's rows, and what their columns hold. */
  private static Tuple2<byte[], List<ColumnTally>> sketch(
      TrainedVae model, Measure.Recipe measure, StructType columns, Iterator<InternalRow> rows) {
    List<ColumnTally> tallies = ColumnTally.of(model.features());
    KllFloatsSketch measures = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
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
              scorer.score(staged);
              for (int row = 0; row < staged; row++) {
                measures.update(scorer.measures()[row]);
              }
            });
      }
    }
    return new Tuple2<>(measures.toByteArray(), tallies);
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
