package io.latentlake.bench;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A row-major matrix product, which ND4J leaves to oneDNN. */
@State(Scope.Thread)
public class MatrixProduct {
  /** Rows of the left, columns of the left, columns of the right. */
  @Param("2048x2048x2048")
  public String shape;

  private INDArray left;
  private INDArray right;
  private INDArray product;

  /** FLOP in a product of that shape. */
  static double flop(String shape) {
    return 2 * Arrays.stream(sizes(shape)).mapToDouble(size -> size).reduce(1, (a, b) -> a * b);
  }

  private static long[] sizes(String shape) {
    return Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray();
  }

  @Setup
  public void open() {
    long[] sizes = sizes(shape);
    left = Nd4j.rand(DataType.FLOAT, sizes[0], sizes[1]);
    right = Nd4j.rand(DataType.FLOAT, sizes[1], sizes[2]);
    product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {sizes[0], sizes[2]}, 'c');
  }

  @Benchmark
  public INDArray multiply() {
    Nd4j.getExecutioner().exec(new Mmul(left, right, product, null));
    return product;
  }

  @TearDown
  public void close() {
    left.close();
    right.close();
    product.close();
  }
}
