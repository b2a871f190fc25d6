package io.latentlake.model;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.Condition;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.spec.TrainSpec;
import io.latentlake.spec.VaeSpec;
import java.util.List;
import java.util.Map;

/**
 * {@code model.json}.
 *
 * @param format version of the folder's layout
 * @param id what scored rows name the model by; null of one that was written before it was kept
 * @param provenance where the model comes from
 * @param model the network
 * @param train its training, resolved
 * @param score its calibration and scoring
 * @param features what a row's features are
 * @param condition what stands behind them
 * @param threshold chosen after training; null where the contamination places it
 * @param segments thresholds of some rows' own; null where there are none
 * @param columns what the training rows held; null of a model that was calibrated before it was
 *     kept
 * @param files the folder's other files by name
 */
record ModelDocument(
    int format,
    String id,
    Provenance provenance,
    VaeSpec model,
    TrainSpec train,
    ScoreSpec score,
    List<ColumnPlan> features,
    Condition condition,
    Threshold threshold,
    SegmentThresholds segments,
    List<ColumnDistribution> columns,
    Map<String, FileEntry> files) {

  /** The layout that this version writes. */
  static final int FORMAT = 4;

  /** The oldest that it reads: settings may be missing, see {@link EarlierSettings}. */
  static final int OLDEST_FORMAT = 1;

  ModelDocument {
    if (provenance == null
        || model == null
        || train == null
        || score == null
        || features == null
        || condition == null
        || files == null) {
      throw new InvalidInputException("a part of the model is null");
    }
    if (id != null && !ModelId.FORM.matcher(id).matches()) {
      throw new InvalidInputException(
          "id: must be twelve hexadecimal digits, small ones; the document is damaged");
    }
  }
}
