package io.latentlake.score;

import io.latentlake.data.RowEncoder;
import io.latentlake.model.Calibration;
import io.latentlake.model.TrainedVae;
import java.util.Iterator;
import java.util.List;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Scores the training rows to learn what their reconstruction errors are. */
public final class Calibrator {
  private Calibrator() {}

  /**
   * Calibrates a model.
   *
   * @param training the rows it was trained on
   * @return the same model with its calibration
   */
  public static TrainedVae calibrate(
      JavaSparkContext spark, TrainedVae model, Dataset<Row> training) {
    Broadcast<TrainedVae> shared = spark.broadcast(model);
    try {
      // In a tree: a sketch has up to half a megabyte, and a table may have many partitions.
      byte[] merged =
          training
              .javaRDD()
              .mapPartitions(rows -> List.of(sketch(shared.value(), rows)).iterator())
              .treeReduce(Calibrator::merge);
      KllFloatsSketch errors = KllFloatsSketch.heapify(Memory.wrap(merged));
      double contamination = model.configuration().score().contamination();
      return model.withCalibration(Calibration.of(errors, contamination));
    } finally {
      shared.destroy();
    }
  }

  private static byte[] merge(byte[] first, byte[] second) {
    KllFloatsSketch errors = KllFloatsSketch.heapify(Memory.wrap(first));
    errors.merge(KllFloatsSketch.heapify(Memory.wrap(second)));
    return errors.toByteArray();
  }

  private static byte[] sketch(TrainedVae model, Iterator<Row> rows) {
    KllFloatsSketch errors = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    RowEncoder encoder = model.encoder();
    int width = model.features().width();
    try (var scorer = new BatchScorer(model)) {
      int staged = 0;
      while (rows.hasNext()) {
        if (encoder.encode(rows.next(), scorer.staging(), staged * width).isEmpty()) {
          staged++;
        }
        if (staged == scorer.capacity() || (!rows.hasNext() && staged > 0)) {
          float[] scores = scorer.score().reconstructionError();
          for (int i = 0; i < staged; i++) {
            errors.update(scores[i]);
          }
          staged = 0;
        }
      }
    }
    return errors.toByteArray();
  }
}
