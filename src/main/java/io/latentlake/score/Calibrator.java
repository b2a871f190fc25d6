package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.InternalRows;
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
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

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
    Dataset<Row> features = model.encoder().select(training);
    StructType columns = features.schema();
    try {
      // In a tree: a sketch has up to half a megabyte, and a table may have many partitions.
      byte[] merged =
          InternalRows.of(features)
              .mapPartitions(rows -> List.of(sketch(shared.value(), columns, rows)).iterator())
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

  private static byte[] sketch(TrainedVae model, StructType columns, Iterator<InternalRow> rows) {
    KllFloatsSketch errors = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    BoundEncoder encoder = model.encoder().bind(columns);
    try (var scorer = new BatchScorer(model)) {
      int staged = 0;
      while (rows.hasNext()) {
        if (encoder.encode(rows.next(), scorer.staging(), staged * encoder.width()).isEmpty()) {
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
