package io.latentlake.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The params of {@link LatentLake} and {@link LatentLakeModel}; {@code explainParams} tells what
 * each means.
 */
public interface LatentLakeParams extends Params {
  /** The params themselves; made where the uid is. */
  DeclaredParams declared();

  default Param<String> featuresCol() {
    return declared().featuresCol;
  }

  default String getFeaturesCol() {
    return getOrDefault(featuresCol());
  }

  default StringArrayParam featuresCols() {
    return declared().featuresCols;
  }

  default String[] getFeaturesCols() {
    return getOrDefault(featuresCols());
  }

  default StringArrayParam inputCols() {
    return declared().inputCols;
  }

  default String[] getInputCols() {
    return getOrDefault(inputCols());
  }

  default Param<String> featurePlan() {
    return declared().featurePlan;
  }

  default String getFeaturePlan() {
    return getOrDefault(featurePlan());
  }

  default StringArrayParam conditionCols() {
    return declared().conditionCols;
  }

  default String[] getConditionCols() {
    return getOrDefault(conditionCols());
  }

  default Param<String> handleInvalid() {
    return declared().handleInvalid;
  }

  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  default Param<String> config() {
    return declared().config;
  }

  default String getConfig() {
    return getOrDefault(config());
  }

  default Param<String> variant() {
    return declared().variant;
  }

  default String getVariant() {
    return getOrDefault(variant());
  }

  default IntArrayParam encoder() {
    return declared().encoder;
  }

  default int[] getEncoder() {
    return getOrDefault(encoder());
  }

  default IntParam latent() {
    return declared().latent;
  }

  default int getLatent() {
    return (int) getOrDefault(latent());
  }

  default IntArrayParam decoder() {
    return declared().decoder;
  }

  default int[] getDecoder() {
    return getOrDefault(decoder());
  }

  default Param<String> likelihood() {
    return declared().likelihood;
  }

  default String getLikelihood() {
    return getOrDefault(likelihood());
  }

  default DoubleParam beta() {
    return declared().beta;
  }

  default double getBeta() {
    return (double) getOrDefault(beta());
  }

  default IntParam epochs() {
    return declared().epochs;
  }

  default int getEpochs() {
    return (int) getOrDefault(epochs());
  }

  default IntParam batchSize() {
    return declared().batchSize;
  }

  default int getBatchSize() {
    return (int) getOrDefault(batchSize());
  }

  default DoubleParam learningRate() {
    return declared().learningRate;
  }

  default double getLearningRate() {
    return (double) getOrDefault(learningRate());
  }

  default IntParam workers() {
    return declared().workers;
  }

  default int getWorkers() {
    return (int) getOrDefault(workers());
  }

  default LongParam seed() {
    return declared().seed;
  }

  default long getSeed() {
    return (long) getOrDefault(seed());
  }

  default DoubleParam contamination() {
    return declared().contamination;
  }

  default double getContamination() {
    return (double) getOrDefault(contamination());
  }

  default Param<String> scoreKind() {
    return declared().scoreKind;
  }

  default String getScoreKind() {
    return getOrDefault(scoreKind());
  }

  default Param<String> reconstructionErrorCol() {
    return declared().reconstructionErrorCol;
  }

  default String getReconstructionErrorCol() {
    return getOrDefault(reconstructionErrorCol());
  }

  default Param<String> squaredErrorCol() {
    return declared().squaredErrorCol;
  }

  default String getSquaredErrorCol() {
    return getOrDefault(squaredErrorCol());
  }

  default Param<String> klCol() {
    return declared().klCol;
  }

  default String getKlCol() {
    return getOrDefault(klCol());
  }

  default Param<String> elboCol() {
    return declared().elboCol;
  }

  default String getElboCol() {
    return getOrDefault(elboCol());
  }

  default Param<String> rawScoreCol() {
    return declared().rawScoreCol;
  }

  default String getRawScoreCol() {
    return getOrDefault(rawScoreCol());
  }

  default Param<String> anomalyScoreCol() {
    return declared().anomalyScoreCol;
  }

  default String getAnomalyScoreCol() {
    return getOrDefault(anomalyScoreCol());
  }

  default Param<String> isAnomalyCol() {
    return declared().isAnomalyCol;
  }

  default String getIsAnomalyCol() {
    return getOrDefault(isAnomalyCol());
  }

  default Param<String> latentCol() {
    return declared().latentCol;
  }

  default String getLatentCol() {
    return getOrDefault(latentCol());
  }

  default IntParam reasons() {
    return declared().reasons;
  }

  default int getReasons() {
    return (int) getOrDefault(reasons());
  }

  default Param<String> reasonsCol() {
    return declared().reasonsCol;
  }

  default String getReasonsCol() {
    return getOrDefault(reasonsCol());
  }

  default Param<String> modelIdCol() {
    return declared().modelIdCol;
  }

  default String getModelIdCol() {
    return getOrDefault(modelIdCol());
  }

  default Param<String> scoredAtCol() {
    return declared().scoredAtCol;
  }

  default String getScoredAtCol() {
    return getOrDefault(scoredAtCol());
  }
}
