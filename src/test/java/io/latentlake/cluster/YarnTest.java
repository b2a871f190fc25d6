package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import io.latentlake.SparkProcesses;
import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains and scores on a YARN of one node, with {@code conf/spark-yarn.conf}: the driver in a
 * container of its own, and on the machine that submits.
 */
@Tag("slow")
class YarnTest {
  private static final Path YARN_JAR =
      Path.of(
          org.apache.spark.deploy.yarn.Client.class
              .getProtectionDomain()
              .getCodeSource()
              .getLocation()
              .getPath());

  /** Where Hadoop's clusters for tests have their files. */
  private static final String TEST_DATA = "test.build.data";

  @TempDir Path folder;

  private MiniYARNCluster yarn;
  private String testData;

  @BeforeEach
  void start() throws IOException {
    var conf = new YarnConfiguration();
    conf.setInt(YarnConfiguration.NM_PMEM_MB, 6144);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
    conf.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    conf.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100);
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    // All of the node is for the driver's container too.
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    testData = System.setProperty(TEST_DATA, folder.resolve("yarn").toString());
    yarn = new MiniYARNCluster("latentlake", 1, 1, 1);
    yarn.init(conf);
    yarn.start();
    Path settings = Files.createDirectory(folder.resolve("conf"));
    try (var out = Files.newOutputStream(settings.resolve("yarn-site.xml"))) {
      yarn.getConfig().writeXml(out);
    }
  }

  @AfterEach
  void stop() {
    yarn.stop();
    if (testData == null) {
      System.clearProperty(TEST_DATA);
    } else {
      System.setProperty(TEST_DATA, testData);
    }
  }

  /** The runtime that the build lays out has no client of YARN. */
  private String submit(int exitCode, String mode, String words, Object... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(words.formatted(arguments).split(" ")));
    command.addAll(
        List.of("--", "--properties-file", "conf/spark-yarn.conf", "--deploy-mode", mode));
    String home = System.getProperty("java.home");
    for (String setting :
        List.of(
            "spark.executor.instances=2",
            "spark.executor.cores=1",
            "spark.executor.memory=768m",
            "spark.executor.memoryOverhead=512m",
            "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=400m -Dorg.bytedeco.javacpp.maxphysicalbytes=1200m",
            "spark.driver.memory=768m",
            "spark.driver.memoryOverhead=512m",
            "spark.executorEnv.JAVA_HOME=" + home,
            "spark.yarn.appMasterEnv.JAVA_HOME=" + home,
            "spark.yarn.jars=local:" + SparkProcesses.JARS + "/*,local:" + YARN_JAR,
            "spark.ui.enabled=false")) {
      command.addAll(List.of("--conf", setting));
    }
    Map<String, String> environment =
        Map.of(
            "HADOOP_CONF_DIR",
            folder.resolve("conf").toString(),
            "SPARK_DIST_CLASSPATH",
            YARN_JAR.toString());
    try (var submitted = new Submitted(folder, command, environment)) {
      assertEquals(exitCode, submitted.waitFor(Duration.ofMinutes(4)), submitted.output());
      return submitted.output();
    }
  }

  @Test
  void trainsAndScoresInContainersAndEndsWithTheDriversCode()
      throws IOException, InterruptedException {
    Path model = folder.resolve("model");
    Path scores = folder.resolve("scores");
    submit(
        0,
        "cluster",
        "train --input mnist:test --epochs 1 --workers 2 --averaging-frequency 8 --model %s",
        model);
    submit(
        0,
        "client",
        "score --input fashion-mnist:test --keep index --model %s --output %s",
        model,
        scores);
    assertEquals(
        10_000, SharedSpark.session().read().parquet(scores.toString()).distinct().count());
    // What a driver in a container ends with: of clothes that a model of digits has scored, that
    // they are others; and of what is refused before there is a Spark.
    submit(3, "cluster", "drift --model %s --scores %s", model, scores);
    submit(2, "cluster", "score --no-such-option");
  }
}
