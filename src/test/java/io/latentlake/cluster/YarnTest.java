package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SparkProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  @TempDir Path folder;

  private MiniYARNCluster yarn;

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
    System.setProperty("test.build.data", folder.resolve("yarn").toString());
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
  }

  /** As bin/spark-submit does it, which the runtime that the build lays out doesn't have. */
  private String submit(String mode, String words, Object... arguments)
      throws IOException, InterruptedException {
    String classPath = folder.resolve("conf") + ":" + SparkProcesses.JARS + "/*:" + YARN_JAR;
    List<String> command = SparkProcesses.command(classPath, "512m", "SparkSubmit");
    command.addAll(
        List.of(
            "--properties-file",
            Path.of("conf", "spark-yarn.conf").toString(),
            "--deploy-mode",
            mode));
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
    command.addAll(List.of("--class", "io.latentlake.cli.Main", "target/latentlake.jar"));
    command.addAll(List.of(words.formatted(arguments).split(" ")));
    Path printed = Files.createTempFile(folder, "output", ".txt");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HADOOP_CONF_DIR", folder.resolve("conf").toString());
    builder.environment().put("SPARK_HOME", SparkProcesses.HOME.toString());
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.redirectOutput(printed.toFile()).start();
    try {
      assertTrue(process.waitFor(4, TimeUnit.MINUTES), Files.readString(printed));
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(printed);
    assertEquals(0, process.exitValue(), output);
    return output;
  }

  @Test
  void trainsAndScoresInContainers() throws IOException, InterruptedException {
    Path model = folder.resolve("model");
    Path scores = folder.resolve("scores");
    String trained =
        submit(
            "cluster",
            "train --input mnist:test --epochs 1 --workers 2 --averaging-frequency 8 --model %s",
            model);
    assertTrue(trained.contains("final status: SUCCEEDED"), trained);
    submit(
        "client",
        "score --input fashion-mnist:test --keep index --model %s --output %s",
        model,
        scores);
    assertEquals(
        10_000, SharedSpark.session().read().parquet(scores.toString()).distinct().count());
  }
}
