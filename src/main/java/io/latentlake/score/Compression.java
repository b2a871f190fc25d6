package io.latentlake.score;

import io.latentlake.data.ColumnPath;
import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FileSystems;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.Json;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Keeps of each row its latent alone, rounded to a few bits a dimension: a lossy compression, in a
 * column {@value #CODE} of packed bytes.
 */
public final class Compression {
  /** The packed latent. */
  public static final String CODE = "code";

  private final SparkSession spark;
  private final TrainedVae model;
  private final int bits;

  /**
   * A compression.
   *
   * @param bits a latent dimension
   */
  public Compression(SparkSession spark, TrainedVae model, int bits) {
    this.spark = spark;
    this.model = model;
    this.bits = bits;
    int latent = model.configuration().model().latent();
    new LatentQuantizer(bits, new float[latent], new float[latent]); // refuses the bits
  }

  /**
   * What was done.
   *
   * @param job rows and time
   * @param document what is needed to undo it, and what it cost
   */
  public record Result(TableJob.Result job, CompressedTable document) {}

  /**
   * Compresses into a staged folder and commits it.
   *
   * @throws io.latentlake.spec.InvalidInputException when the table can't be used
   */
  public Result run(TableJob.Request request, StagedFolder output) throws IOException {
    LatentStatistics latents =
        LatentStatistics.of(
            JavaSparkContext.fromSparkContext(spark.sparkContext()),
            model,
            request.table(),
            request.name());
    var quantizer = new LatentQuantizer(bits, latents.minimum(), latents.maximum());
    TableJob.Result result =
        new TableJob(spark, model, model.encoder(), new Recipe(quantizer)).run(request, output);
    var document =
        new CompressedTable(
            CompressedTable.FORMAT,
            model.provenance(),
            ModelFolder.checksum(model),
            quantizer,
            costs(result, originalBits(request.table().schema())));
    FileSystems.write(
        new Path(output.path(), CompressedTable.FILE).toString(),
        Json.METRICS.writeValueAsBytes(document),
        spark.sessionState().newHadoopConf());
    output.commit();
    return new Result(result, document);
  }

  private CompressedTable.Costs costs(TableJob.Result result, int originalBits) {
    double[] sums = result.counts().sums();
    long rows = result.counts().scored();
    double values = (double) rows * model.features().width();
    return new CompressedTable.Costs(
        bits * model.configuration().model().latent(),
        originalBits,
        sums[0] / values,
        sums[1] / values,
        (sums[3] - sums[2]) / rows);
  }

  /** Bits of a row's features as they are stored, without Parquet's own compression. */
  private int originalBits(StructType schema) {
    int all = 0;
    for (ColumnPlan column : model.features().columns()) {
      DataType type = ColumnPath.type(schema, column.name()).orElseThrow();
      if (!(column instanceof FeatureColumn raw)) {
        all += Byte.SIZE * type.defaultSize();
        continue;
      }
      int bytes =
          switch (raw.kind()) {
            case BYTES -> 1;
            case VECTOR -> Double.BYTES;
            case ARRAY ->
                ((ArrayType) type).elementType().equals(DataTypes.DoubleType)
                    ? Double.BYTES
                    : Float.BYTES;
            case NUMBER -> type.defaultSize();
          };
      all += Byte.SIZE * bytes * column.width();
    }
    return all;
  }

  private record Recipe(LatentQuantizer quantizer) implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return new StructType().add(CODE, DataTypes.BinaryType, false);
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new Work(model, quantizer);
    }
  }

  private static final class Work implements BatchWork {
    private final Generator generator;
    private final LatentQuantizer quantizer;
    private final int width;
    private final float[] staging;
    private float[][] latents;

    /** Σ(x − x̂)² at μ(x) and at the rounded latent, then −log p(x | z) likewise. */
    private final double[] sums = new double[4];

    Work(TrainedVae model, LatentQuantizer quantizer) {
      this.generator = new Generator(model);
      this.quantizer = quantizer;
      this.width = model.features().width();
      this.staging = new float[model.configuration().score().batchSize() * width];
    }

    @Override
    public int capacity() {
      return staging.length / width;
    }

    @Override
    public float[] staging() {
      return staging;
    }

    @Override
    public void run(int rows) {
      float[][] x = RowArrays.split(staging, width);
      latents = generator.encode(x);
      var rounded = new float[latents.length][];
      for (int row = 0; row < rounded.length; row++) {
        rounded[row] = quantizer.unpack(quantizer.pack(latents[row]));
      }
      measure(0, x, latents, rows);
      measure(1, x, rounded, rows);
    }

    private void measure(int which, float[][] x, float[][] z, int rows) {
      float[][] decoded = generator.decode(z);
      float[] nats = generator.reconstructionErrors(x, z);
      for (int row = 0; row < rows; row++) {
        sums[which] += RowArrays.squaredDistance(decoded[row], 0, x[row], 0, width);
        sums[2 + which] += nats[row];
      }
    }

    @Override
    public void write(int row, InternalRow added) {
      added.update(0, quantizer.pack(latents[row]));
    }

    @Override
    public double[] sums() {
      return sums;
    }

    @Override
    public void close() {
      generator.close();
    }
  }
}
