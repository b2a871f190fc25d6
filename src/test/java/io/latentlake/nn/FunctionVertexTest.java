package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.nn.FunctionVertex.Context;
import io.latentlake.spec.CategoriesSpec;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The derivative of every vertex without weights, against finite differences. */
class FunctionVertexTest {
  private static final int ROWS = 4;
  private static final int WIDTH = 6;
  private static final Context TRAINING = new Context(true, 42, 3);

  /** Those whose value and derivative belong together; the others change gradients on purpose. */
  static Stream<FunctionVertex> vertices() {
    return Stream.of(
        new Reparameterization(WIDTH / 2),
        new DeterministicLatent(WIDTH),
        new GumbelSoftmax(2, new CategoriesSpec(3, 1, 0.5, 10, false)),
        new Beside(3),
        new Repeat(3),
        new Dropout(0.3, 1),
        new RowStandardization(),
        new StackedRows(),
        new PriorRows(new StandardNormalPrior()),
        new ConstantRows(GaussianMixture.ring(5, WIDTH / 2)),
        new LikelihoodMean(new BernoulliLikelihood()),
        new LikelihoodMean(new GaussianLikelihood(0.5)),
        new GradientScale(1));
  }

  @ParameterizedTest
  @MethodSource("vertices")
  void derivativeMatchesFiniteDifferences(FunctionVertex vertex) {
    var inputs = new INDArray[vertex.inputs()];
    Arrays.setAll(inputs, i -> Noise.standardNormal(i, ROWS, WIDTH, DataType.DOUBLE));
    INDArray output = vertex.forward(inputs, TRAINING);
    INDArray gradient = Noise.standardNormal(8, output.size(0), output.size(1), DataType.DOUBLE);

    INDArray[] derivatives = vertex.backward(inputs, output, gradient, TRAINING);

    for (int i = 0; i < inputs.length; i++) {
      FiniteDifferences.assertGradient(
          inputs[i],
          derivatives[i],
          () -> vertex.forward(inputs, TRAINING).mul(gradient).sumNumber().doubleValue());
    }
    long[] widths = Arrays.stream(inputs).mapToLong(input -> input.size(1)).toArray();
    assertEquals(output.size(1), vertex.width(widths));
  }
}
