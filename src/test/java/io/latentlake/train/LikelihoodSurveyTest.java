package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.score.LikelihoodJob;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** log p(x) as a metric of training. */
class LikelihoodSurveyTest {
  private static final NamedTable TRAINING = Tables.table(Tables.rows(100, 1), 2);
  private static final NamedTable HELD = Tables.table(Tables.rows(70, 2), 3);

  @Test
  void measuresTheHeldRowsAsTheCommandDoes() {
    Trainer.Result result = train(Map.of("train.log-likelihood-samples", 500));
    double measured = result.history().logLikelihood();
    double scored = score(result, false);

    // Other draws for each row.
    assertEquals(scored, measured, 0.02);
    assertTrue(measured > -result.history().last().validation().loss());
  }

  /** At this rate the weights stay what they are: only the rows can differ. */
  @Test
  void measuresBinaryRowsWhereTrainingDoes() {
    Trainer.Result binary = train(still(true));
    Trainer.Result grey = train(still(false));
    double scored = score(grey, true);

    assertNotEquals(grey.history().logLikelihood(), binary.history().logLikelihood(), 1e-4);
    assertNotEquals(score(grey, false), scored, 1e-4);
    // A row's draw moves its log p(x) by some tenths.
    assertEquals(scored, binary.history().logLikelihood(), 0.2);
  }

  private static double score(Trainer.Result trained, boolean binarizing) {
    var spark = JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    return LikelihoodJob.run(spark, trained.model(), HELD.name(), HELD.rows(), 500, binarizing)
        .mean();
  }

  private static Map<String, ?> still(boolean binarization) {
    return Map.of(
        "train.log-likelihood-samples",
        500,
        "train.dynamic-binarization",
        binarization,
        "train.updater.learning-rate",
        1e-12);
  }

  @Test
  void isNotMeasuredUnlessAskedFor() {
    assertNull(train(Map.of()).history().logLikelihood());
  }

  @Test
  void anAutoencoderHasNone() {
    Map<String, ?> settings =
        Map.of("train.log-likelihood-samples", 5, "model.variant", "autoencoder");
    var refusal = assertThrows(InvalidInputException.class, () -> train(settings));
    assertTrue(refusal.getMessage().contains("log-likelihood-samples = 5"), refusal.getMessage());
  }

  private static Trainer.Result train(Map<String, ?> settings) {
    return new Trainer(SharedSpark.session(), new TrainingProgress() {})
        .train(Tables.configuration(settings), Tables.PLAN, TRAINING, Optional.of(HELD));
  }
}
