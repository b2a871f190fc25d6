package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.spec.AutoCount;
import io.latentlake.spec.Configuration;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The configuration file, and the flags that override it. */
final class TrainOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in HOCON over the defaults; see conf/.")
  private String config;

  @Option(names = "--epochs", description = "Passes over all rows.")
  private Integer epochs;

  @Option(
      names = "--workers",
      description = "Replicas trained side by side (default: Spark's task slots).")
  private Integer workers;

  @Option(names = "--batch-size", description = "Rows a minibatch, on each worker.")
  private Integer batchSize;

  @Option(
      names = "--averaging-frequency",
      paramLabel = "N|auto",
      description = "Minibatches a worker takes between two averagings (default: auto).")
  private String averagingFrequency;

  @Option(
      names = "--scaling",
      negatable = true,
      description =
          "Let each worker's batch size and rate follow the number of workers (default: yes).")
  private Boolean scaling;

  @Option(names = "--seed", description = "Same seed, data, partitions and workers: same model.")
  private Long seed;

  @Option(
      names = "--contamination",
      description = "Share of the training rows taken to be anomalous (default: 0.01).")
  private Double contamination;

  Configuration configuration(org.apache.hadoop.conf.Configuration hadoop) {
    var overrides = new HashMap<String, Object>();
    putIfGiven(overrides, "train.epochs", epochs);
    putIfGiven(overrides, "train.workers", workers);
    putIfGiven(overrides, "train.batch-size", batchSize);
    if (averagingFrequency != null) {
      overrides.put(
          "train.averaging-frequency",
          AutoCount.parse("--averaging-frequency", averagingFrequency));
    }
    putIfGiven(overrides, "train.scaling", scaling);
    putIfGiven(overrides, "train.seed", seed);
    putIfGiven(overrides, "score.contamination", contamination);
    String origin = config == null ? "options" : config;
    return Configuration.parseFile(
        config == null ? "" : FileSystems.text("--config", config, hadoop), origin, overrides);
  }

  private static void putIfGiven(Map<String, Object> overrides, String key, Object value) {
    if (value != null) {
      overrides.put(key, value);
    }
  }
}
