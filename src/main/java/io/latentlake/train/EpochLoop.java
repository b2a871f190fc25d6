package io.latentlake.train;

import io.latentlake.data.FeaturePlan;
import io.latentlake.nn.ElboTerms;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.TrainSpec;
import io.latentlake.spec.UpdaterSpec;
import io.latentlake.train.AveragingMaster.EpochResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Takes a training through its epochs: validates after each, writes checkpoints when they are due,
 * and where it diverges goes on from the last good round at half the rate; from the beginning,
 * where that didn't get any further.
 */
final class EpochLoop {
  private final JavaSparkContext spark;
  private final FeaturePlan features;
  private final Tables tables;
  private final Recovery recovery;
  private final TrainingProgress progress;
  private final AveragingFrequency frequency;
  private final List<EpochRecord> epochs = new ArrayList<>();
  private Configuration settings;
  private int retries;

  /**
   * What is trained and measured on.
   *
   * @param training the rows that are trained on
   * @param fingerprint of these
   * @param held rows to measure the loss on after each epoch
   */
  record Tables(ShardedTable training, TableFingerprint fingerprint, Optional<ShardedTable> held) {}

  /**
   * What came of it.
   *
   * @param settings with the rate of the last try
   * @param plan of its replicas
   * @param stop why it ended early; null where it did not
   */
  record Outcome(
      Configuration settings,
      ReplicaPlan plan,
      float[] parameters,
      List<EpochRecord> epochs,
      EarlyStop stop) {}

  /**
   * A loop that has yet to begin.
   *
   * @param settings resolved
   */
  EpochLoop(
      JavaSparkContext spark,
      Configuration settings,
      FeaturePlan features,
      Tables tables,
      Recovery recovery,
      TrainingProgress progress) {
    this.spark = spark;
    this.settings = settings;
    this.features = features;
    this.tables = tables;
    this.recovery = recovery;
    this.progress = progress;
    int requested = settings.train().averagingFrequency();
    this.frequency =
        recovery
            .from()
            .map(from -> AveragingFrequency.settled(requested, from.state().frequency()))
            .orElseGet(() -> new AveragingFrequency(requested));
  }

  /**
   * Runs to the last epoch, or as far as it goes.
   *
   * @throws InvalidInputException when the training diverges and nothing can be kept of it
   */
  Outcome run() {
    AveragingState start = start();
    while (true) {
      try {
        return attempt(start);
      } catch (DivergedException e) {
        if (retries == recovery.retries()) {
          return giveUp(e);
        }
        boolean further = e.lastGood().trend().rounds() > start.trend().rounds();
        // A state can be past saving although its loss was well: then it is of no use again.
        start = further || retries == 0 ? e.lastGood() : beginning();
        retry(e, start);
      }
    }
  }

  private void retry(DivergedException e, AveragingState start) {
    retries++;
    forgetEpochsFrom(start.epoch().epoch());
    halveRate();
    progress.warning(
        "diverged in epoch %d, %s: goes on from round %d at half the rate, %s"
            .formatted(
                e.stop().epoch(),
                e.what(),
                start.trend().rounds(),
                settings.train().updater().learningRate()));
    write(start);
  }

  private AveragingState beginning() {
    return AveragingState.beginning(plan().initial(), 1, frequency.current());
  }

  private AveragingState start() {
    AveragingState beginning = beginning();
    if (recovery.from().isEmpty()) {
      return beginning;
    }
    Checkpoint from = recovery.from().get();
    int expected = beginning.replicas().updaterState().length;
    int found = from.state().replicas().updaterState().length;
    if (found != expected) {
      throw new InvalidInputException(
          "%s: updater.f32 has %d numbers, but the updater %d; the files don't belong together"
              .formatted(from.path(), found, expected));
    }
    epochs.addAll(from.document().history());
    retries = from.document().retries();
    return from.state();
  }

  private ReplicaPlan plan() {
    return ReplicaPlan.of(settings, features.shape());
  }

  private Outcome attempt(AveragingState start) {
    String run = UUID.randomUUID().toString();
    ReplicaPlan plan = plan();
    var validation = new Validation(spark, plan, tables.held(), run);
    try (AveragingMaster master = master(plan, start, run);
        var watch = new RoundWatch(spark.sc(), progress::warning)) {
      double earlier = start.epoch().seconds();
      for (int epoch = start.epoch().epoch(); epoch <= settings.train().epochs(); epoch++) {
        long began = System.nanoTime();
        EpochResult result = master.trainEpoch(epoch, progress);
        double seconds = earlier + (System.nanoTime() - began) / 1e9;
        record(epoch, seconds, result, validation.loss(master.parameters()));
        if (master instanceof ShardAveraging averaging) {
          epochDone(averaging.state(), epoch);
        }
        earlier = 0;
      }
      ReplicaPool.releaseInExecutors(run, spark, settings.train().workers());
      return new Outcome(settings, plan, master.parameters(), List.copyOf(epochs), null);
    } finally {
      ReplicaPool.release(run);
    }
  }

  private AveragingMaster master(ReplicaPlan plan, AveragingState start, String run) {
    return switch (settings.train().master()) {
      case LATENTLAKE ->
          new ShardAveraging(
              spark, plan, start, frequency, tables.training(), run, this::roundDone);
      case STOCK -> new StockAveraging(spark, settings, features.shape(), tables.training());
    };
  }

  private void record(int epoch, double seconds, EpochResult result, ElboTerms held) {
    ElboTerms loss = result.loss().times(1.0 / tables.training().rows());
    Divergence.requireFinite(loss, epoch, settings.train());
    List<RoundTime> rounds = result.rounds();
    RoundTime time =
        rounds.isEmpty() ? null : rounds.stream().reduce(RoundTime.ZERO, RoundTime::plus);
    var done = new EpochRecord(epoch, seconds, loss, held, time, rounds.isEmpty() ? null : rounds);
    epochs.add(done);
    progress.epochDone(done);
  }

  private void roundDone(AveragingState state) {
    if (isDue(interval -> interval.isDueAfterRound(state.trend().rounds()))) {
      write(state);
    }
  }

  private void epochDone(AveragingState state, int epoch) {
    long rounds = state.trend().rounds();
    if (isDue(interval -> interval.isDueAfterEpoch(epoch, rounds))
        || epoch == settings.train().epochs()) {
      write(state);
    }
  }

  private boolean isDue(Predicate<CheckpointInterval> when) {
    return recovery.checkpoints().map(Checkpoints::interval).filter(when).isPresent();
  }

  private void write(AveragingState state) {
    if (recovery.checkpoints().isEmpty()) {
      return;
    }
    frequency.settle();
    var document =
        new CheckpointDocument(
            CheckpointDocument.FORMAT,
            recovery.request(),
            settings.train(),
            features.columns(),
            features.condition(),
            tables.fingerprint(),
            state.replicas().iteration(),
            state.frequency(),
            state.epoch(),
            state.trend(),
            retries,
            epochs,
            Map.of());
    recovery.checkpoints().get().write(document, state);
  }

  private void forgetEpochsFrom(int epoch) {
    epochs.removeIf(done -> done.epoch() >= epoch);
  }

  private void halveRate() {
    TrainSpec train = settings.train();
    var halved = new UpdaterSpec(train.updater().kind(), train.updater().learningRate() / 2);
    settings = new Configuration(settings.model(), train.withUpdater(halved), settings.score());
  }

  private Outcome giveUp(DivergedException e) {
    AveragingState last = e.lastGood();
    if (!recovery.keepsDiverged() || last.trend().rounds() == 0) {
      throw e;
    }
    forgetEpochsFrom(last.epoch().epoch());
    float[] parameters = last.replicas().parameters();
    return new Outcome(settings, plan(), parameters, List.copyOf(epochs), e.stop());
  }
}
