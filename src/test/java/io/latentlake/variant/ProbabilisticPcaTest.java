package io.latentlake.variant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Specifications;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Activation;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.RowShape;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A linear VAE with a Gaussian likelihood of fixed σ² has the maximum of probabilistic PCA's
 * likelihood as the maximum of its ELBO (Lucas, Tucker, Grosse and Norouzi, arXiv 1911.02469), and
 * that is known in closed form: W = U(Λ − σ²I)^½ of the sample covariance's leading eigenvectors,
 * up to a rotation (Tipping and Bishop, 1999, equation 15).
 */
class ProbabilisticPcaTest {
  private static final int ROWS = 2000;
  private static final int FEATURES = 5;
  private static final int LATENT = 2;
  private static final int BATCH = 200;
  private static final int EPOCHS = 200;
  private static final double VARIANCE = 0.5;
  private static final double[] MEAN = {1, -1, 0, 0.5, 0.8};
  private static final double[][] LOADINGS = {{1.5, 0}, {-1, 0.5}, {0.8, 0.5}, {0, -0.7}, {1, 0.6}};

  private static RealMatrix covariance;
  private static INDArray x;
  private static VaeNetwork network;

  @BeforeAll
  static void train() {
    double[][] rows = draw();
    // The maximum-likelihood covariance: divided by the rows, not by one less.
    covariance = new Covariance(rows, false).getCovarianceMatrix();
    x = Nd4j.createFromArray(rows).castTo(DataType.FLOAT);
    var likelihood = new LikelihoodSpec(Family.GAUSSIAN, VARIANCE);
    var spec = Specifications.of("vae", List.of(), LATENT, List.of(), Activation.TANH, likelihood);
    // 0.1 falls to 0.001 over the run, so that the sampling noise averages out.
    int steps = EPOCHS * ROWS / BATCH;
    double decay = Math.pow(0.01, 1.0 / steps);
    var rate = new ExponentialSchedule(ScheduleType.ITERATION, 0.1, decay);
    var base = new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(rate));
    network = Variants.initialized(Variants.compose(spec, RowShape.of(FEATURES), base));
    for (int step = 0; step < steps; step++) {
      int from = step * BATCH % ROWS;
      INDArray batch =
          x.get(NDArrayIndex.interval(from, from + BATCH), NDArrayIndex.all()).dup('c');
      network.train(batch, step);
    }
  }

  @AfterAll
  static void free() {
    network.close();
  }

  @Test
  void closedFormBeatsTheModelThatTheRowsCameFrom() {
    RealMatrix truth = new Array2DRowRealMatrix(LOADINGS);

    assertTrue(exactLoss() < negativeLogLikelihood(truth.multiply(truth.transpose())));
  }

  @Test
  void lossReachesTheExactMaximumAndNeverPassesIt() {
    var losses = new SummaryStatistics();
    for (int seed = 0; seed < 200; seed++) {
      losses.addValue(network.loss(x, 1_000_000 + seed).loss() / ROWS);
    }
    double error = losses.getStandardDeviation() / Math.sqrt(losses.getN());

    assertTrue(error < 0.002, "too few samples to tell anything: " + error);
    assertEquals(exactLoss(), losses.getMean(), 0.01);
    assertTrue(losses.getMean() > exactLoss() - 4 * error, "−ELBO bounds −log p from above");
  }

  @Test
  void decoderSpansThePrincipalSubspace() {
    INDArray weights = network.graph().getLayer(VaeNetwork.OUTPUT).getParam("W");
    RealMatrix loadings = new Array2DRowRealMatrix(weights.transpose().toDoubleMatrix());
    RealMatrix exact = exactProduct();

    RealMatrix difference = loadings.multiply(loadings.transpose()).subtract(exact);

    assertEquals(0, difference.getFrobeniusNorm() / exact.getFrobeniusNorm(), 0.02);
  }

  @Test
  void decodersBiasIsTheMeanOfTheRows() {
    double[] bias =
        network.graph().getLayer(VaeNetwork.OUTPUT).getParam("b").ravel().toDoubleVector();
    double[] expected = x.mean(0).toDoubleVector();
    for (int i = 0; i < FEATURES; i++) {
      assertEquals(expected[i], bias[i], 0.02, "feature " + i);
    }
  }

  /** The mean of −log p over the rows at its minimum, in nats. */
  private static double exactLoss() {
    return negativeLogLikelihood(exactProduct());
  }

  /** WWᵀ of the closed form. */
  private static RealMatrix exactProduct() {
    var eigen = new EigenDecomposition(covariance);
    RealMatrix product = new Array2DRowRealMatrix(FEATURES, FEATURES);
    for (int i = 0; i < LATENT; i++) {
      // commons-math sorts a symmetric matrix's eigenvalues in descending order.
      double weight = eigen.getRealEigenvalue(i) - VARIANCE;
      assertTrue(weight > 0, "a direction below the noise would be dropped");
      var vector = eigen.getEigenvector(i);
      product = product.add(vector.outerProduct(vector).scalarMultiply(weight));
    }
    return product;
  }

  /** ½(d log 2π + log |C| + tr C⁻¹S), C = WWᵀ + σ²I (Tipping and Bishop, 1999, equation 10). */
  private static double negativeLogLikelihood(RealMatrix product) {
    RealMatrix noise = MatrixUtils.createRealIdentityMatrix(FEATURES).scalarMultiply(VARIANCE);
    var model = new LUDecomposition(product.add(noise));
    double trace = model.getSolver().getInverse().multiply(covariance).getTrace();
    return 0.5 * (FEATURES * Math.log(2 * Math.PI) + Math.log(model.getDeterminant()) + trace);
  }

  private static double[][] draw() {
    var random = new Random(99);
    double[][] rows = new double[ROWS][FEATURES];
    for (double[] row : rows) {
      double[] z = {random.nextGaussian(), random.nextGaussian()};
      for (int i = 0; i < FEATURES; i++) {
        double mean = MEAN[i] + LOADINGS[i][0] * z[0] + LOADINGS[i][1] * z[1];
        row[i] = mean + Math.sqrt(VARIANCE) * random.nextGaussian();
      }
    }
    return rows;
  }
}
