package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.latentlake.Submitted;
import io.latentlake.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark's own client of Kubernetes with {@code conf/spark-kubernetes.conf}, against a stand-in for
 * the API server, with pods that are processes of this machine.
 */
@Tag("slow")
@Timeout(240)
class KubernetesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So many that the first is seen long before the last is done. */
  private static final int EPOCHS = 30;

  private static final Duration MOMENT = Duration.ofMillis(200);
  private static final Pattern EPOCH = Pattern.compile("^ +\\d+ +\\d+\\.", Pattern.MULTILINE);
  private static final String CONFIGURATION =
      "model { encoder = [32], latent = 4, decoder = [32] }";
  private static final String IMAGE = "apache/spark:3.5.7-scala2.12-java17-ubuntu";

  @TempDir Path folder;

  private KubernetesApiServer server;

  @BeforeEach
  void start() {
    server = new KubernetesApiServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private KubernetesNode node(int gibibytes) {
    return new KubernetesNode(server, folder, (long) gibibytes << 30);
  }

  /** With sizes that a test's machine can hold. */
  private Submitted submitSmall(String words, int executors) throws IOException {
    return submit(
        words,
        "spark.executor.instances=" + executors,
        "spark.executor.cores=1",
        "spark.kubernetes.executor.limit.cores=1",
        "spark.executor.memory=1g",
        "spark.executor.memoryOverhead=512m",
        "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=400m"
            + " -Dorg.bytedeco.javacpp.maxphysicalbytes=1536m",
        "spark.driver.memory=1g");
  }

  private Submitted submit(String words, String... settings) throws IOException {
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(List.of("--", "--master", "k8s://" + server.url()));
    arguments.addAll(List.of("--properties-file", "conf/spark-kubernetes.conf"));
    var all = new ArrayList<>(List.of(settings));
    all.add("spark.kubernetes.driver.master=" + server.url());
    all.add("spark.kubernetes.file.upload.path=" + folder.resolve("upload").toUri());
    all.forEach(setting -> arguments.addAll(List.of("--conf", setting)));
    return new Submitted(
        folder, arguments, Map.of("SPARK_DIST_CLASSPATH", SparkImage.KUBERNETES_JARS));
  }

  private static List<String> executors(KubernetesNode node) {
    return node.asked().stream()
        .map(pod -> pod.getMetadata().getName())
        .filter(name -> name.contains("-exec-"))
        .toList();
  }

  /** Its name; one that no pod has where none is there. */
  private static String driver(KubernetesNode node) {
    return node.asked().stream().findFirst().map(pod -> pod.getMetadata().getName()).orElse("none");
  }

  @Test
  void anExecutorThatDiesIsReplacedAndTheWeightsAreTheSame()
      throws IOException, InterruptedException {
    String training =
        "train --input mnist:test --config %s --epochs %d --workers 2 --averaging-frequency 8 --model %s"
            .formatted(
                Files.writeString(folder.resolve("small.conf"), CONFIGURATION),
                EPOCHS,
                folder.resolve("model-"));
    try (var node = node(2);
        var submitted = submitSmall(training + "pods", 2)) {
      boolean killed = false;
      while (!submitted.hasEnded(MOMENT)) {
        if (!killed && EPOCH.matcher(node.printed(driver(node))).find()) {
          killed = node.kill(executors(node).get(0));
        }
      }
      String printed = submitted.output() + node.printed(driver(node));
      assertEquals(0, submitted.waitFor(PATIENCE), printed);
      assertTrue(killed, printed);
      assertEquals(3, executors(node).size(), printed);
      assertEquals("Succeeded", node.pod(driver(node)).getStatus().getPhase());
    }
    CommandRun.of((training + "here").split(" ")).orFail();
    assertArrayEquals(weights("here"), weights("pods"));
  }

  private byte[] weights(String name) throws IOException {
    return Files.readAllBytes(folder.resolve("model-" + name).resolve("weights.f32"));
  }

  @Test
  void theDoctorFindsNothing() throws IOException, InterruptedException {
    try (var node = node(2);
        var submitted = submitSmall("doctor --path " + folder.resolve("scores"), 1)) {
      int exitCode = submitted.waitFor(PATIENCE);
      String printed = submitted.output() + node.printed(driver(node));
      assertEquals(0, exitCode, printed);
      assertTrue(printed.contains("problems: 0, warnings: 0"), printed);
    }
  }

  @Test
  void aRunThatFailsIsToldOfAndPodsAreWhatTheFileSays() throws IOException, InterruptedException {
    try (var node = node(4);
        var submitted =
            submit(
                "train --input mnist:test --features nothing --model " + folder.resolve("no"),
                "spark.scheduler.maxRegisteredResourcesWaitingTime=1s")) {
      int exitCode = submitted.waitFor(PATIENCE);
      String printed = submitted.output() + node.printed(driver(node));
      assertTrue(printed.contains("no column 'nothing'"), printed);
      assertEquals("Failed", node.pod(driver(node)).getStatus().getPhase());
      assertEquals(2, exitCode, printed);
      assertTrue(submitted.output().contains("exit code: 2"), printed);
      List<Pod> asked = node.asked();
      assertEquals("spark", asked.get(0).getSpec().getServiceAccountName());
      requireContainer(asked.get(0), "3072Mi", "1", "null");
      assertEquals(5, asked.size(), printed);
      for (Pod executor : asked.subList(1, 5)) {
        requireContainer(executor, "5120Mi", "4", "4");
      }
    }
  }

  private static void requireContainer(Pod pod, String memory, String cores, String most) {
    Container container = PodContainer.of(pod);
    var asked = container.getResources().getRequests();
    var limits = container.getResources().getLimits();
    assertEquals(IMAGE, container.getImage());
    assertEquals(memory, asked.get("memory").toString());
    assertEquals(memory, limits.get("memory").toString());
    assertEquals(cores, asked.get("cpu").toString());
    assertEquals(most, String.valueOf(limits.get("cpu")));
    var threads = new EnvVar("OMP_NUM_THREADS", "1", null);
    assertTrue(container.getEnv().contains(threads), container::toString);
  }
}
