package io.latentlake.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.score.Generator;
import io.latentlake.score.LikelihoodJob;
import io.latentlake.train.LatentUse;
import io.latentlake.train.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the variants are for, on MNIST. {@code mvn test -Pquality} runs it and prints the figures.
 */
@Tag("quality")
class VariantQualityTest {
  private static final int SIDE = 28;
  private static final Map<String, ?> TWENTY = Map.of("train.epochs", 20);

  @Test
  void aHeavierPenaltyLeavesFewerActiveUnits() {
    LatentUse one = TrainedOnMnist.with("mnist.conf", TWENTY).history().latent();
    LatentUse four = TrainedOnMnist.with("mnist-beta-vae.conf", TWENTY).history().latent();

    System.out.printf("active units: %d, beta 4: %d%n", one.activeUnits(), four.activeUnits());
    assertTrue(four.activeUnits() < one.activeUnits());
  }

  @Test
  void severalImportanceSamplesBeatOne() {
    double vae = logLikelihood(TrainedOnMnist.with("mnist.conf", TWENTY));
    double iwae = logLikelihood(TrainedOnMnist.with("mnist-iwae.conf", TWENTY));

    System.out.printf("log p(x): vae %.2f, iwae %.2f%n", vae, iwae);
    assertTrue(iwae > vae);
  }

  @Test
  void pseudoInputsBeatTheNormalPrior() {
    double normal = logLikelihood(TrainedOnMnist.with("mnist.conf", TWENTY));
    double vamp = logLikelihood(TrainedOnMnist.with("mnist-vamp.conf", TWENTY));

    System.out.printf("log p(x): normal %.2f, VampPrior %.2f%n", normal, vamp);
    assertTrue(vamp > normal);
  }

  @Test
  void categoriesComeNearTheContinuousLossAndAreAllUsed() {
    Trainer.Result discrete = TrainedOnMnist.with("mnist-discrete-vae.conf", TWENTY);
    double continuous =
        TrainedOnMnist.with("mnist.conf", TWENTY).history().last().validation().loss();
    double loss = discrete.history().last().validation().loss();
    float[] use = new float[120];
    for (float[] z : codes(discrete.model(), 10_000)) {
      for (int i = 0; i < z.length; i++) {
        use[i] += z[i];
      }
    }
    long unused = 0;
    for (float count : use) {
      unused += count == 0 ? 1 : 0;
    }

    System.out.printf("loss: %.2f, discrete %.2f; %d unused%n", continuous, loss, unused);
    // 11 are reached; neither a lower temperature, nor other numbers of variables and values, nor
    // straight-through gradients bring it below.
    assertEquals(continuous, loss, 12);
    assertEquals(0, unused, "values of the categorical variables that no test image takes");
  }

  @Test
  void anAdversaryMakesLatentsPassForThePrior() {
    Trainer.Result result = TrainedOnMnist.with("mnist-adversarial-autoencoder.conf", TWENTY);
    float[][] z = samples(result.model(), 10_000);
    int latent = z[0].length;
    double worst = 0;
    for (int i = 0; i < latent; i++) {
      worst = Math.max(worst, Math.abs(mean(z, i)));
      for (int j = 0; j <= i; j++) {
        double expected = i == j ? 1 : 0;
        worst = Math.max(worst, Math.abs(covariance(z, i, j) - expected));
      }
    }

    System.out.printf("largest distance of mean and covariance from N(0, I): %.3f%n", worst);
    assertTrue(worst < 0.1, "largest distance " + worst);
  }

  @Test
  void aDiscriminatorSharpensSamples() {
    Trainer.Result plain = TrainedOnMnist.with("mnist.conf", TWENTY);
    Trainer.Result judged = TrainedOnMnist.with("mnist-vae-gan.conf", TWENTY);
    double blurred = sharpness(plain.model());
    double sharp = sharpness(judged.model());
    double before = plain.history().last().validation().reconstruction();
    double after = judged.history().last().validation().reconstruction();

    System.out.printf(
        "sharpness: %.4f, judged %.4f (%.2f x); reconstruction %.2f, judged %.2f%n",
        blurred, sharp, sharp / blurred, before, after);
    assertTrue(sharp >= 1.3 * blurred);
    assertTrue(after <= 1.15 * before);
  }

  /** By 200 importance samples of each of 2,000 test images, nats a row. */
  private static double logLikelihood(Trainer.Result trained) {
    var spark = JavaSparkContext.fromSparkContext(TrainedOnMnist.spark().sparkContext());
    var rows = TrainedOnMnist.rows(TrainedOnMnist.TEST).where("index < 2000");
    return LikelihoodJob.run(spark, trained.model(), TrainedOnMnist.TEST, rows, 200, false).mean();
  }

  /** The variance of the Laplacian of 1,000 samples, mean over them. */
  private static double sharpness(TrainedVae model) {
    try (var generator = new Generator(model)) {
      return Arrays.stream(generator.generate(1000, 1))
          .mapToDouble(VariantQualityTest::laplacianVariance)
          .average()
          .orElseThrow();
    }
  }

  private static double laplacianVariance(float[] image) {
    double sum = 0;
    double squares = 0;
    int count = (SIDE - 2) * (SIDE - 2);
    for (int y = 1; y < SIDE - 1; y++) {
      for (int x = 1; x < SIDE - 1; x++) {
        int at = y * SIDE + x;
        double value =
            image[at - SIDE] + image[at + SIDE] + image[at - 1] + image[at + 1] - 4 * image[at];
        sum += value;
        squares += value * value;
      }
    }
    return squares / count - (sum / count) * (sum / count);
  }

  private static float[][] images(int count) {
    List<Row> rows =
        TrainedOnMnist.rows(TrainedOnMnist.TEST).select("image").limit(count).collectAsList();
    var images = new float[rows.size()][SIDE * SIDE];
    for (int row = 0; row < images.length; row++) {
      byte[] bytes = rows.get(row).getAs(0);
      for (int i = 0; i < bytes.length; i++) {
        images[row][i] = (bytes[i] & 0xff) / 255f;
      }
    }
    return images;
  }

  /** z at which scores are computed, {@code [count][latent]}. */
  private static float[][] codes(TrainedVae model, int count) {
    try (VaeNetwork network = model.network();
        INDArray x = Nd4j.create(images(count));
        MemoryWorkspace scope = network.scope()) {
      return network.posterior().mean(network.encode(x)).toFloatMatrix();
    }
  }

  /** z drawn from q(z|x), {@code [count][latent]}. */
  private static float[][] samples(TrainedVae model, int count) {
    try (VaeNetwork network = model.network();
        INDArray x = Nd4j.create(images(count));
        MemoryWorkspace scope = network.scope()) {
      return network.posterior().sample(network.encode(x), 5).toFloatMatrix();
    }
  }

  private static double mean(float[][] z, int i) {
    return Arrays.stream(z).mapToDouble(row -> row[i]).average().orElseThrow();
  }

  private static double covariance(float[][] z, int i, int j) {
    double first = mean(z, i);
    double second = mean(z, j);
    return Arrays.stream(z)
        .mapToDouble(row -> (row[i] - first) * (row[j] - second))
        .average()
        .orElseThrow();
  }
}
