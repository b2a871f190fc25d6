package io.latentlake.train;

import io.latentlake.data.FeaturePlan;
import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.Provenance;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.ElboTerms;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.TrainSpec;
import io.latentlake.train.AveragingMaster.EpochResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
   * @param name such as its path
   * @param rows the table
   */
  public record NamedTable(String name, Dataset<Row> rows) {}

  /**
   * Trains by parameter averaging.
   *
   * @param configuration what is wanted; a likelihood of {@code auto} becomes the plan's, {@code
   *     workers = 0} becomes the number of task slots, and {@code shard-memory = 0} what they have;
   *     what follows from the number of workers is scaled where that is asked for
   * @param features which columns make the features; both tables have them
   * @param validation rows to measure the loss on after each epoch
   * @return a model that is not calibrated yet, and its history
   * @throws InvalidInputException when a table has no usable row, training diverges, or a GPU is
   *     insisted on and there is none
   */
  public Result train(
      Configuration configuration,
      FeaturePlan features,
      NamedTable table,
      Optional<NamedTable> validation) {
    requireJavaSerializer();
    TrainSpec wanted = configuration.train();
    TrainSpec settings = Scaling.resolve(Placement.of(wanted, spark));
    LikelihoodSpec likelihoodOfRows = features.likelihood(configuration.model().likelihood());
    var resolved =
        new Configuration(
            configuration.model().withLikelihood(likelihoodOfRows),
            settings,
            configuration.score());
    var encoder = new RowEncoder(features, likelihoodOfRows);
    try (ShardedTable shards = pack(table, encoder, settings)) {
      List<ExecutorDevice> devices = ExecutorDevice.of(shards);
      progress.started(shards.rows(), shards.rejected(), wanted, settings);
      String run = UUID.randomUUID().toString();
      ReplicaPlan plan = ReplicaPlan.of(resolved, features.shape());
      var likelihood = new LikelihoodSurvey(plan);
      try (AveragingMaster master = master(resolved, features.shape(), plan, shards, run);
          Validation held = validation(plan, encoder, validation, run)) {
        List<EpochRecord> epochs = epochs(resolved, shards.rows(), master, held);
        ReplicaPool.releaseInExecutors(run, spark, settings.workers());
        long rejected = shards.rejected().values().stream().mapToLong(n -> n).sum();
        var provenance =
            new Provenance(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                table.name(),
                shards.rows(),
                rejected,
                Provenance.runningVersion(),
                spark.version());
        var model = TrainedVae.uncalibrated(resolved, features, master.parameters(), provenance);
        var survey = new LatentSurvey(plan);
        ShardedTable measured = held.table().orElse(shards);
        LatentUse use = survey.of(spark, measured, master.parameters()).orElse(null);
        Double logLikelihood = likelihood.of(spark, measured, master.parameters());
        var history = new History(devices, epochs, use, logLikelihood);
        progress.trained(history);
        return new Result(model, history);
      } finally {
        ReplicaPool.release(run);
      }
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

  private List<EpochRecord> epochs(
      Configuration configuration, long rows, AveragingMaster master, Validation validation) {
    var epochs = new ArrayList<EpochRecord>();
    for (int epoch = 1; epoch <= configuration.train().epochs(); epoch++) {
      long start = System.nanoTime();
      EpochResult result = master.trainEpoch(epoch, progress);
      ElboTerms loss = result.loss().times(1.0 / rows);
      double seconds = (System.nanoTime() - start) / 1e9;
      Divergence.requireFinite(loss, epoch, configuration.train());
      ElboTerms held = validation.loss(master.parameters());
      List<RoundTime> rounds = result.rounds();
      RoundTime time =
          rounds.isEmpty() ? null : rounds.stream().reduce(RoundTime.ZERO, RoundTime::plus);
      epochs.add(
          new EpochRecord(
              epoch, seconds, loss, held, time, rounds.isEmpty() ? null : List.copyOf(rounds)));
      progress.epochDone(epochs.get(epochs.size() - 1));
    }
    return epochs;
  }

  private AveragingMaster master(
      Configuration configuration,
      RowShape shape,
      ReplicaPlan plan,
      ShardedTable shards,
      String run) {
    return switch (configuration.train().master()) {
      case LATENTLAKE -> new ShardAveraging(spark, plan, plan.initial(), shards, run);
      case STOCK -> new StockAveraging(spark, configuration, shape, shards);
    };
  }

  private Validation validation(
      ReplicaPlan plan, RowEncoder encoder, Optional<NamedTable> table, String run) {
    return new Validation(spark, plan, table.map(named -> pack(named, encoder, plan.train())), run);
  }

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
