package io.latentlake.score;

import io.latentlake.data.FeatureColumns;
import io.latentlake.data.FeatureNoise;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeEngine;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Takes the noise out of a table's rows: what the model can't say of them is gone from E[x | z =
 * μ(x)]. It does so best when it was trained with such noise on its input ({@code
 * train.input-noise}).
 */
public final class Denoising {
  /** What the columns' names end in that hold the rows without noise. */
  public static final String SUFFIX = "_denoised";

  private final TableJob job;
  private final int width;
  private final boolean measured;

  /**
   * Denoises rows that are noisy already, or adds noise first to measure how well it is taken away.
   *
   * @param deviation standard deviation of the noise to add, in units of the features; 0 for none
   * @param seed same seed, same noise on a row, wherever in the table it is
   */
  public Denoising(SparkSession spark, TrainedVae model, double deviation, long seed) {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new InvalidInputException(
          "--noise %s: must be a finite number of at least 0; leave it out for a table that is noisy"
                  .formatted(deviation)
              + " already");
    }
    var recipe = new Recipe(model.features(), noise(model, deviation), seed);
    this.job = new TableJob(spark, model, model.encoder(), recipe);
    this.width = model.features().width();
    this.measured = deviation > 0;
  }

  /**
   * What was done.
   *
   * @param job rows and time
   * @param errors how far from the clean rows they were; empty where no noise was added
   */
  public record Result(TableJob.Result job, Optional<Errors> errors) {}

  /**
   * Mean squared errors a feature, to the clean rows.
   *
   * @param noisy of the rows with noise
   * @param denoised of what the model makes of them
   */
  public record Errors(double noisy, double denoised) {}

  /**
   * Denoises into a staged folder and commits it.
   *
   * @throws InvalidInputException when the table can't be used, as in scoring
   */
  public Result run(TableJob.Request request, TableOutput output) throws IOException {
    TableJob.Result result = job.run(request, output);
    output.commit();
    if (!measured || result.counts().scored() == 0) {
      return new Result(result, Optional.empty());
    }
    double features = (double) width * result.counts().scored();
    double[] sums = result.counts().sums();
    return new Result(result, Optional.of(new Errors(sums[0] / features, sums[1] / features)));
  }

  /** Adds the noise that {@link #run} adds to the same row. */
  public static float[] noisy(TrainedVae model, double deviation, long seed, float[] row) {
    float[] noisy = row.clone();
    noise(model, deviation).add(rowSeed(seed, row), noisy, 0, row.length);
    return noisy;
  }

  private static FeatureNoise noise(TrainedVae model, double deviation) {
    return FeatureNoise.within(model.configuration().model().likelihood(), deviation);
  }

  private static long rowSeed(long seed, float[] row) {
    return Noise.seed(seed, Arrays.hashCode(row));
  }

  private record Recipe(FeaturePlan plan, FeatureNoise noise, long seed)
      implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return RowArrays.SCHEMA;
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new Work(model, noise, seed);
    }

    @Override
    public Dataset<Row> finish(Dataset<Row> table) {
      return FeatureColumns.unfold(table, plan, RowArrays.COLUMN, name -> name + SUFFIX);
    }
  }

  private static final class Work implements BatchWork {
    private final VaeEngine engine;
    private final FeatureNoise noise;
    private final long seed;
    private final int width;

    /** The rows as they are, {@code [capacity, width]}. */
    private final float[] clean;

    private final float[] denoised;
    private final double[] sums = new double[2];

    Work(TrainedVae model, FeatureNoise noise, long seed) {
      this.engine = model.engine();
      this.noise = noise;
      this.seed = seed;
      this.width = model.features().width();
      this.clean = noise.deviation() > 0 ? new float[engine.staging().length] : engine.staging();
      this.denoised = new float[engine.staging().length];
    }

    @Override
    public int capacity() {
      return engine.capacity();
    }

    @Override
    public float[] staging() {
      return clean;
    }

    @Override
    public void run(int rows) {
      float[] seen = engine.staging();
      if (noise.deviation() > 0) {
        System.arraycopy(clean, 0, seen, 0, rows * width);
        for (int row = 0; row < rows; row++) {
          float[] features = Arrays.copyOfRange(clean, row * width, (row + 1) * width);
          noise.add(rowSeed(seed, features), seen, row * width, width);
        }
      }
      engine.reconstruct(denoised);
      sums[0] += RowArrays.squaredDistance(seen, 0, clean, 0, rows * width);
      sums[1] += RowArrays.squaredDistance(denoised, 0, clean, 0, rows * width);
    }

    @Override
    public void write(int row, InternalRow added) {
      RowArrays.write(denoised, row, width, added);
    }

    @Override
    public double[] sums() {
      return sums;
    }

    @Override
    public void close() {
      engine.releaseThread();
      engine.close();
    }
  }
}
