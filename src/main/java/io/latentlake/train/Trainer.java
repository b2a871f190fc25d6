package io.latentlake.train;

import io.latentlake.data.Addresses;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.MalformedRecords;
import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.Provenance;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.TrainSpec;
import io.latentlake.train.EpochLoop.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Trains a model on a table. */
public final class Trainer {
  private static final String SERIALIZER = "spark.serializer";

  private final JavaSparkContext spark;
  private final TrainingProgress progress;

  public Trainer(SparkSession session, TrainingProgress progress) {
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.progress = progress;
  }

  /**
   * A table with the name that errors and the model call it by.
   *
   * @param name such as its path; kept without a password that may be in it
   * @param version that is read, where the table keeps any; part of the name
   * @param rows the table
   */
  public record NamedTable(String name, Optional<String> version, Dataset<Row> rows) {
    public NamedTable {
      name = Addresses.withoutSecrets(name);
    }

    /** One that keeps no versions. */
    public NamedTable(String name, Dataset<Row> rows) {
      this(name, Optional.empty(), rows);
    }
  }

  /**
   * Trains by parameter averaging, with nothing done against faults.
   *
   * @see #train(Configuration, FeaturePlan, NamedTable, Optional, Recovery)
   */
  public Result train(
      Configuration configuration,
      FeaturePlan features,
      NamedTable table,
      Optional<NamedTable> validation) {
    var request = TrainingRequest.of(configuration, Map.of());
    return train(configuration, features, table, validation, Recovery.none(request));
  }

  /**
   * Trains by parameter averaging.
   *
   * @param configuration what is wanted; a likelihood of {@code auto} becomes the plan's, {@code
   *     workers = 0} becomes the number of task slots, and {@code shard-memory = 0} what they have;
   *     what follows from the number of workers is scaled where that is asked for. A training that
   *     goes on keeps what these had become when it began
   * @param features which columns make the features; both tables have them
   * @param validation rows to measure the loss on after each epoch
   * @param recovery what is done against faults
   * @return a model that is not calibrated yet, and its history
   * @throws InvalidInputException when a table has no usable row or is another than the
   *     checkpoint's, training diverges and nothing of it is kept, or a GPU is insisted on and
   *     there is none
   */
  public Result train(
      Configuration configuration,
      FeaturePlan features,
      NamedTable table,
      Optional<NamedTable> validation,
      Recovery recovery) {
    requireJavaSerializer();
    requireOurMaster(configuration, recovery);
    TrainSpec wanted = configuration.train();
    TrainSpec settings =
        recovery
            .from()
            .map(from -> from.document().resolved())
            .orElseGet(() -> Scaling.resolve(Placement.of(wanted, spark)));
    LikelihoodSpec likelihoodOfRows = features.likelihood(configuration.model().likelihood());
    var resolved =
        new Configuration(
            configuration.model().withLikelihood(likelihoodOfRows),
            settings,
            configuration.score());
    var encoder = new RowEncoder(features, likelihoodOfRows);
    try (ShardedTable shards = pack(table, encoder, settings)) {
      var fingerprint = TableFingerprint.of(table.name(), shards);
      recovery.from().ifPresent(from -> requireTable(from, fingerprint));
      List<String> columns =
          Arrays.stream(MalformedRecords.without(table.rows().schema()).fields())
              .map(field -> field.name() + " " + field.dataType().simpleString())
              .toList();
      progress.started(shards.rows(), shards.rejected(), wanted, settings);
      if (validation.isEmpty()) {
        var tables = new EpochLoop.Tables(shards, fingerprint, Optional.empty());
        return train(resolved, features, tables, columns, recovery);
      }
      try (ShardedTable held = pack(validation.get(), encoder, settings)) {
        var tables = new EpochLoop.Tables(shards, fingerprint, Optional.of(held));
        return train(resolved, features, tables, columns, recovery);
      }
    }
  }

  private Result train(
      Configuration resolved,
      FeaturePlan features,
      EpochLoop.Tables tables,
      List<String> columns,
      Recovery recovery) {
    List<ExecutorDevice> devices = ExecutorDevice.of(tables.training());
    // Refuses what it can't measure before hours are spent.
    var likelihood = new LikelihoodSurvey(ReplicaPlan.of(resolved, features.shape()));
    Outcome outcome;
    try (var metrics = new TrainingMetrics()) {
      TrainingProgress told = progress.and(metrics);
      outcome = new EpochLoop(spark, resolved, features, tables, recovery, told).run();
    }
    Provenance provenance = tables.fingerprint().provenance(spark.version(), columns);
    var model =
        TrainedVae.uncalibrated(outcome.settings(), features, outcome.parameters(), provenance);
    ShardedTable measured = tables.held().orElse(tables.training());
    LatentUse use =
        new LatentSurvey(outcome.plan()).of(spark, measured, outcome.parameters()).orElse(null);
    Double logLikelihood = likelihood.of(spark, measured, outcome.parameters());
    var history = new History(devices, outcome.epochs(), use, logLikelihood, outcome.stop());
    progress.trained(history);
    return new Result(model, history);
  }

  private void requireTable(Checkpoint from, TableFingerprint found) {
    if (!from.requireTable(found)) {
      progress.warning(
          from.path()
              + ": the rows come in another order than when it was begun, as from other partitions; the training goes on, but not to the same bit");
    }
  }

  private static void requireOurMaster(Configuration configuration, Recovery recovery) {
    boolean asked = recovery.checkpoints().isPresent() || recovery.retries() > 0;
    if (asked && configuration.train().master() == TrainSpec.Master.STOCK) {
      throw new InvalidInputException(
          "train.master = stock: has neither checkpoints nor retries; use latentlake");
    }
  }

  /** Shards and rounds are records, which Kryo can't write. */
  private void requireJavaSerializer() {
    String serializer = spark.getConf().get(SERIALIZER, JavaSerializer.class.getName());
    if (!serializer.equals(JavaSerializer.class.getName())) {
      throw new InvalidInputException(
          "%s = %s: training needs %s; set that, or leave the setting out"
              .formatted(SERIALIZER, serializer, JavaSerializer.class.getName()));
    }
  }

  /**
   * What training gives.
   *
   * @param model not calibrated yet
   * @param history one record an epoch
   */
  public record Result(TrainedVae model, History history) {}

  private ShardedTable pack(NamedTable table, RowEncoder encoder, TrainSpec spec) {
    ShardedTable shards =
        ShardedTable.pack(table.rows(), encoder, spec.workers(), spec.shardMemory());
    if (shards.rows() == 0) {
      shards.close();
      throw new InvalidInputException(
          "%s: no usable row (%s)".formatted(table.name(), reasons(shards.rejected())));
    }
    if (shards.rejected().getOrDefault(RejectReason.WRONG_LENGTH, 0L) > shards.rows()) {
      shards.close();
      throw new InvalidInputException(
          "%s: most rows have another number of values than its first ones (%d usable, %s); split"
                  .formatted(table.name(), shards.rows(), reasons(shards.rejected()))
              + " the table by width");
    }
    return shards;
  }

  private static String reasons(Map<?, Long> rejected) {
    return rejected.isEmpty()
        ? "the table is empty"
        : rejected.entrySet().stream()
            .map(entry -> entry.getValue() + " rejected as " + entry.getKey())
            .collect(Collectors.joining(", "));
  }
}
