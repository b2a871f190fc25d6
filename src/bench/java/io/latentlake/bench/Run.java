package io.latentlake.bench;

import io.latentlake.bench.Projection.Measured;
import io.latentlake.bench.Report.Skipped;
import io.latentlake.cli.Session;
import io.latentlake.nn.VaeNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** One run of some sections. */
final class Run {
  private final Set<Section> sections;
  private final Optional<Path> peers;
  private final boolean quick;
  private final long rows;
  private final int repetitions;
  private final Samples samples = new Samples();
  private final List<Skipped> skipped = new ArrayList<>();

  /**
   * Prepares a run.
   *
   * @param peers folder that has PyTorch's script
   * @param quick with fewer and shorter repetitions
   * @param rows of the table of mixed columns
   */
  Run(Set<Section> sections, Optional<Path> peers, boolean quick, long rows) {
    this.rows = rows;
    this.sections = sections;
    this.peers = peers;
    this.quick = quick;
    this.repetitions = quick ? 2 : 5;
  }

  Report measure() throws Exception {
    Machine machine = Machine.here();
    Path folder = Files.createTempDirectory("latentlake-bench");
    try {
      measureByTurns(folder);
      if (sections.contains(Section.ROUNDS)) {
        measureRounds();
      }
    } finally {
      delete(folder);
    }
    return new Report(machine, repetitions, samples.figures(), projections(), skipped);
  }

  private void measureByTurns(Path folder) throws Exception {
    var contenders = new ArrayList<Contender>();
    try (Session session = session("local[2]")) {
      addOurs(contenders, session.spark(), folder);
      addPeers(contenders, session.spark(), folder);
      try {
        samples.addRepetitions(contenders, repetitions);
      } finally {
        for (Contender contender : contenders) {
          contender.close();
        }
      }
    }
  }

  private void addOurs(List<Contender> contenders, SparkSession spark, Path folder) {
    var jmh = new Jmh(quick ? 500 : 2000);
    if (sections.contains(Section.PEAK)) {
      contenders.add(Kernels.products(jmh));
    }
    if (sections.contains(Section.TRAIN)) {
      contenders.add(Kernels.step(jmh));
      contenders.add(Epochs.ours(spark, Quantity.EPOCH_ONE, 1));
      contenders.add(Epochs.ours(spark, Quantity.EPOCH_TWO, 2));
    }
    if (sections.contains(Section.SCORE)) {
      contenders.add(Kernels.scoring(jmh));
      contenders.add(new ParquetScoring(spark, quick ? 4 : 10, folder));
    }
    if (sections.contains(Section.REASONS)) {
      contenders.add(new MixedScoring(spark, rows, folder));
    }
  }

  private void addPeers(List<Contender> contenders, SparkSession spark, Path folder)
      throws IOException, InterruptedException {
    if (sections.contains(Section.STOCK)) {
      contenders.add(Epochs.stock(spark));
    }
    if (sections.contains(Section.DL4J)) {
      contenders.add(new LayerOfDl4j());
    }
    Mnist.write(folder);
    if (runs(Section.PYTORCH, Peers.missingForPytorch(peers))) {
      contenders.addAll(Peers.pytorch(peers.orElseThrow(), folder));
    }
    if (runs(Section.DJL, Peers.missingForDjl())) {
      contenders.add(Peers.djl(folder));
    }
  }

  /** Whether a section was asked for and lacks nothing; notes it down where it does. */
  private boolean runs(Section section, Optional<String> missing) {
    if (sections.contains(section)) {
      missing.ifPresent(why -> skipped.add(new Skipped(section.label(), why)));
      return missing.isEmpty();
    }
    return false;
  }

  private void measureRounds() throws Exception {
    samples.add(Quantity.ROUND_BYTES, stateBytes() / 1e6);
    try (Session session = session(RoundTraffic.MASTER)) {
      var traffic = new RoundTraffic(session.context());
      // The first round starts the executors' JVMs up and loads their classes.
      traffic.measure();
      samples.addRepetitions(List.of(traffic), repetitions);
    }
  }

  private List<Projection> projections() {
    if (!sections.contains(Section.ROUNDS)) {
      return List.of();
    }
    return Projection.table(
        new Measured(
            samples.median(Quantity.ROUND_LATENCY),
            samples.median(Quantity.BROADCAST),
            samples.median(Quantity.COLLECT),
            samples.median(Quantity.TREE),
            samples.median(Quantity.STEP_SPEED),
            Workload.configuration().train().batchSize()));
  }

  /** Of a replica's state in an averaging round. */
  private static double stateBytes() {
    try (VaeNetwork network = Workload.untrained()) {
      return (double) Float.BYTES * (network.parameters().length + network.updaterState().length);
    }
  }

  private static Session session(String master) {
    System.setProperty("spark.master", master);
    System.setProperty("spark.ui.showConsoleProgress", "false");
    System.setProperty("spark.executor.memory", "1536m");
    return Session.open("bench", false);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
