package io.latentlake.quality;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.Format;
import io.latentlake.data.TableReader;
import io.latentlake.spec.Configuration;
import io.latentlake.train.EpochRecord;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Models trained on MNIST by two workers, once for all tests that look at them. */
final class TrainedOnMnist {
  static final String TRAINING = "mnist:train";
  static final String TEST = "mnist:test";

  private static final Map<String, Trainer.Result> TRAINED = new HashMap<>();

  private TrainedOnMnist() {}

  /** The rows of one of the two parts. */
  static Dataset<Row> rows(String part) {
    return TableReader.read(spark(), part, Format.IDX);
  }

  /**
   * Trains for as many epochs as the configuration says, validated on MNIST's test part.
   *
   * @param file in {@code conf/}
   * @param overrides settings by path
   */
  static Trainer.Result with(String file, Map<String, ?> overrides) {
    return with(file, List.of(), overrides);
  }

  /**
   * The same, given a condition.
   *
   * @param condition its columns
   */
  static Trainer.Result with(String file, List<String> condition, Map<String, ?> overrides) {
    return TRAINED.computeIfAbsent(
        file + condition + overrides,
        key ->
            train(
                new NamedTable(TRAINING, rows(TRAINING)),
                Optional.of(new NamedTable(TEST, rows(TEST))),
                file,
                condition,
                overrides));
  }

  /** A model of other rows, without validation; not kept. */
  static Trainer.Result on(NamedTable training, String file, Map<String, ?> overrides) {
    return train(training, Optional.empty(), file, List.of(), overrides);
  }

  private static Trainer.Result train(
      NamedTable training,
      Optional<NamedTable> held,
      String file,
      List<String> condition,
      Map<String, ?> overrides) {
    FeaturePlan plan =
        FeaturePlanner.plan(
            training.rows(), List.of(TableReader.IMAGE), condition, training.name());
    long start = System.nanoTime();
    Trainer.Result result =
        new Trainer(spark(), new TrainingProgress() {})
            .train(configuration(file, overrides), plan, training, held);
    EpochRecord last = result.history().last();
    System.out.printf(
        "%s %s on %s: %d epochs in %.0f s, %s on test%n",
        file,
        overrides,
        training.name(),
        last.epoch(),
        (System.nanoTime() - start) / 1e9,
        last.validation());
    return result;
  }

  private static Configuration configuration(String file, Map<String, ?> overrides) {
    try {
      var all = new HashMap<String, Object>(overrides);
      all.put("train.workers", 2);
      // A measured frequency would make every run another.
      all.putIfAbsent("train.averaging-frequency", 64);
      return Configuration.parse(Files.readString(Path.of("conf", file)), file, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SparkSession spark() {
    return SharedSpark.session();
  }
}
