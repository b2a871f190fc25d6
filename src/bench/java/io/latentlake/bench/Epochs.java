package io.latentlake.bench;

import io.latentlake.data.Format;
import io.latentlake.data.TableReader;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Trains on Spark as the product does, and takes the last epoch's seconds. */
final class Epochs implements Contender {
  private static final String TABLE = "mnist:train";

  private final SparkSession spark;
  private final Quantity quantity;
  private final Configuration configuration;

  private Epochs(SparkSession spark, Quantity quantity, Configuration configuration) {
    this.spark = spark;
    this.quantity = quantity;
    this.configuration = configuration;
  }

  /** Our averaging; the epoch before the last one makes the replicas and warms up. */
  static Contender ours(SparkSession spark, Quantity quantity, int workers) {
    // Unscaled: as many rows a minibatch with two workers as with one, and as the peers take.
    Map<String, ?> overrides =
        Map.of("train.workers", workers, "train.scaling", false, "train.epochs", 2);
    return new Epochs(spark, quantity, Workload.configuration(overrides));
  }

  /** dl4j-spark's; it makes its replicas anew in each round, so one epoch is like the next. */
  static Contender stock(SparkSession spark) {
    Map<String, ?> overrides =
        Map.of(
            "train.master", "stock",
            "train.averaging-frequency", 30,
            "train.scaling", false,
            "train.workers", 2,
            "train.epochs", 1);
    return new Epochs(spark, Quantity.STOCK_EPOCH, Workload.configuration(overrides));
  }

  @Override
  public Map<Quantity, Double> measure() {
    return Map.of(quantity, train(spark, configuration).history().last().seconds());
  }

  /** Trains on MNIST. */
  static Trainer.Result train(SparkSession spark, Configuration configuration) {
    var table = new NamedTable(TABLE, TableReader.read(spark, TABLE, Format.IDX));
    return new Trainer(spark, new TrainingProgress() {})
        .train(configuration, Workload.features(), table, Optional.empty());
  }
}
