package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallImages;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.model.Calibration;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.ScoreSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What makes an anomaly score, each kind of it. */
class MeasureTest {
  private static final int ROWS = 150;
  private static final String SMALL =
      "model { encoder = [16], latent = 3, decoder = [16] }, score { batch-size = 32, samples = 20";

  @TempDir static Path folder;

  private static Dataset<Row> images;

  @BeforeAll
  static void read() {
    images = SmallImages.table(ROWS).cache();
  }

  private static TrainedVae model(String settings) {
    return new RandomModel(SMALL + settings + " }").reading("image", Kind.BYTES, 784, images);
  }

  private static List<Row> scores(TrainedVae model, String name) throws IOException {
    return RandomModel.score(model, images, folder.resolve(name), "index", "image")
        .rows()
        .orderBy("index")
        .collectAsList();
  }

  @ParameterizedTest
  @EnumSource(ScoreSpec.Kind.class)
  void rowsAreRankedByItHoweverTheTableIsPartitioned(ScoreSpec.Kind kind) throws IOException {
    TrainedVae model = model(", kind = " + kind.name().toLowerCase());
    Dataset<Row> scored =
        RandomModel.score(model, images, folder.resolve(kind.name()), "index").rows();
    Dataset<Row> dealt =
        RandomModel.score(model, images.repartition(5), folder.resolve(kind + "-5"), "index")
            .rows();

    SameRows.assertSame(scored, dealt);
    List<Row> ranked =
        scored
            .select("raw_score", "anomaly_score", "is_anomaly")
            .orderBy("raw_score")
            .collectAsList();
    for (int i = 0; i < ROWS; i++) {
      assertEquals((i + 1.0) / ROWS, ranked.get(i).getDouble(1), 1e-9);
    }
    assertTrue(ranked.get(ROWS - 1).getBoolean(2));
  }

  /** KL(x ‖ x̂), pixel by pixel. */
  @Test
  void devianceIsTheDivergenceOfTheRowFromItsReconstruction() throws IOException {
    TrainedVae model = model(", kind = deviance");
    try (var generator = new Generator(model)) {
      for (Row row : scores(model, "deviance").subList(0, 10)) {
        float[] x = pixels(row);
        float[] mean = generator.reconstruct(new float[][] {x})[0];
        double divergence = 0;
        for (int i = 0; i < x.length; i++) {
          divergence += x[i] > 0 ? x[i] * Math.log(x[i] / mean[i]) : 0;
          divergence += x[i] < 1 ? (1 - x[i]) * Math.log((1 - x[i]) / (1.0 - mean[i])) : 0;
        }
        assertEquals(divergence, row.<Double>getAs("raw_score"), 1e-3 * divergence);
        assertTrue(divergence < row.<Double>getAs("reconstruction_error"));
      }
    }
  }

  /** Σ KL(x ‖ p) over Σ H(p). */
  @Test
  void dispersionIsTheDevianceOverTheReconstructionsEntropy() throws IOException {
    TrainedVae model = model("");
    try (var generator = new Generator(model)) {
      for (Row row : scores(model, "dispersion").subList(0, 10)) {
        float[] x = pixels(row);
        float[] mean = generator.reconstruct(new float[][] {x})[0];
        double own = 0;
        double entropy = 0;
        for (int i = 0; i < x.length; i++) {
          own += entropy(x[i]);
          entropy += entropy(mean[i]);
        }
        double deviance = row.<Double>getAs("reconstruction_error") - own;
        assertEquals(deviance / (1 + entropy), row.<Double>getAs("raw_score"), 1e-4);
      }
    }
  }

  private static double entropy(double p) {
    return p > 0 && p < 1 ? -p * Math.log(p) - (1 - p) * Math.log(1 - p) : 0;
  }

  @Test
  void aGaussianRowThatIsMetExactlyHasNone() throws IOException {
    TrainedVae model =
        model(", kind = deviance }, model.likelihood { family = gaussian, variance = 0.3");
    for (Row row : scores(model, "gaussian")) {
      assertEquals(row.<Double>getAs("squared_error") / 0.6, row.<Double>getAs("raw_score"), 1e-3);
    }
  }

  @Test
  void latentDistanceIsMahalanobis() throws IOException {
    TrainedVae model = model(", kind = latent_distance");
    List<Row> rows = scores(model, "latent");
    var latents = new double[ROWS][];
    for (int row = 0; row < ROWS; row++) {
      latents[row] =
          rows.get(row).<Float>getList(rows.get(row).fieldIndex("latent")).stream()
              .mapToDouble(Float::doubleValue)
              .toArray();
    }
    var mean = new ArrayRealVector(3);
    for (double[] z : latents) {
      mean = mean.add(new ArrayRealVector(z).mapDivide(ROWS));
    }
    var inverse =
        new LUDecomposition(
                new Covariance(new Array2DRowRealMatrix(latents), false).getCovarianceMatrix())
            .getSolver()
            .getInverse();
    for (int row = 0; row < ROWS; row++) {
      var z = new ArrayRealVector(latents[row]).subtract(mean);
      double distance = Math.sqrt(inverse.operate(z).dotProduct(z));
      assertEquals(distance, rows.get(row).<Double>getAs("raw_score"), 1e-3);
    }
  }

  @Test
  void latentsTravelWithTheModel() throws IOException {
    TrainedVae model = model(", kind = latent_distance");
    var hadoop = SharedSpark.session().sessionState().newHadoopConf();
    var path = new org.apache.hadoop.fs.Path(folder.resolve("model").toString());
    Files.createDirectories(folder.resolve("model"));
    ModelFolder.write(model, path.getFileSystem(hadoop), path);
    TrainedVae read = ModelFolder.read(path.toString(), hadoop);

    assertEquals(
        model.requireCalibration().requireLatents().distance(new float[] {1, 2, 3}, 0),
        read.requireCalibration().requireLatents().distance(new float[] {1, 2, 3}, 0));
    var other = read.scoringBy(read.configuration().score().with(ScoreSpec.Kind.SQUARED, 0.1));
    assertEquals(ScoreSpec.Kind.SQUARED, other.configuration().score().kind());
  }

  @Test
  void logLikelihoodIsWhatTheCommandMeasures() throws IOException {
    TrainedVae model = model(", kind = log_likelihood");
    double mean =
        scores(model, "likelihood").stream()
            .mapToDouble(row -> -row.<Double>getAs("raw_score"))
            .average()
            .orElseThrow();
    var context = JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    double measured = LikelihoodJob.run(context, model, "images", images, 20, false).mean();
    assertEquals(measured, mean, 1e-3 * Math.abs(measured));
  }

  /** The row's own posterior can only be better than the encoder's, up to what sampling leaves. */
  @Test
  void regretIsWhatTheElboGains() throws IOException {
    for (Row row : scores(model(", kind = likelihood_regret"), "regret")) {
      double regret = row.getAs("raw_score");
      assertTrue(regret > -0.5, row.toString());
      assertTrue(regret < -row.<Double>getAs("elbo"), row.toString());
    }
  }

  @Test
  void kindsThatAModelCannotHaveAreRefused() {
    assertRefused(
        ", kind = likelihood_regret }, model { variant = discrete-vae", "likelihood_regret");
    assertRefused(", kind = log_likelihood }, model { variant = autoencoder", "no log-likelihood");
  }

  @Test
  void aCalibrationOfBeforeLatentsWereKeptSaysWhatToDo() {
    KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    sketch.update(1);
    Calibration old = Calibration.of(sketch, 0.1);
    var refusal = assertThrows(InvalidInputException.class, old::requireLatents);
    assertTrue(refusal.getMessage().contains("calibrate --kind"), refusal.getMessage());
  }

  private static void assertRefused(String settings, String reason) {
    var refusal = assertThrows(InvalidInputException.class, () -> model(settings));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  private static float[] pixels(Row row) {
    byte[] bytes = row.getAs("image");
    var x = new float[bytes.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (bytes[i] & 0xff) / 255f;
    }
    return x;
  }
}
