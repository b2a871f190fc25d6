package io.latentlake.cluster;

import io.latentlake.SparkProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.deploy.k8s.KubernetesUtils;

/**
 * Spark's image for Kubernetes, as far as this machine has what is in it: the environment that it
 * sets and the commands that its entry point makes of a container's arguments and environment.
 */
final class SparkImage {
  /** Spark's client of Kubernetes and its libraries, which the image has among Spark's jars. */
  static final String KUBERNETES_JARS =
      KubernetesUtils.class.getProtectionDomain().getCodeSource().getLocation().getPath()
          + ":"
          + Path.of("target", "kubernetes").toAbsolutePath()
          + "/*";

  private static final String JAVA_HOME = System.getProperty("java.home");
  private static final String JAVA = Path.of(JAVA_HOME, "bin", "java").toString();
  private static final String SPARK_JARS = SparkProcesses.JARS + "/*";
  private static final String OPTION = "SPARK_JAVA_OPT_";

  private SparkImage() {}

  /** What it sets, before what the pod asks for. */
  static Map<String, String> environment() {
    return Map.of(
        "JAVA_HOME",
        JAVA_HOME,
        "PATH",
        System.getenv("PATH"),
        "SPARK_HOME",
        SparkProcesses.HOME.toString(),
        "SPARK_SCALA_VERSION",
        "2.12",
        "SPARK_DIST_CLASSPATH",
        KUBERNETES_JARS);
  }

  /**
   * The command of a container.
   *
   * @param arguments the container's, the first of them {@code driver} or {@code executor}
   * @param environment the container's, all of it
   */
  static List<String> command(List<String> arguments, Map<String, String> environment)
      throws IOException {
    return switch (arguments.get(0)) {
      case "driver" -> driver(arguments.subList(1, arguments.size()), environment);
      case "executor" -> executor(environment);
      default -> throw new IllegalArgumentException("Spark's image has no " + arguments);
    };
  }

  /** Through Spark's launcher, as bin/spark-submit: it reads the driver's memory and options. */
  private static List<String> driver(List<String> arguments, Map<String, String> environment)
      throws IOException {
    var launcher =
        new ArrayList<>(
            List.of(
                JAVA,
                "-cp",
                SPARK_JARS,
                "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit",
                "--conf",
                "spark.driver.bindAddress=" + environment.get("SPARK_DRIVER_BIND_ADDRESS"),
                "--deploy-mode",
                "client"));
    launcher.addAll(arguments);
    var builder = new ProcessBuilder(launcher).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try (var words = builder.start().getInputStream()) {
      String command = new String(words.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(command.strip().replaceFirst("^\0\n", "").split("\0"));
    }
  }

  private static List<String> executor(Map<String, String> environment) {
    String memory = environment.get("SPARK_EXECUTOR_MEMORY");
    String classPath =
        String.join(
            ":",
            environment.get("SPARK_CONF_DIR"),
            environment.getOrDefault("SPARK_CLASSPATH", ""),
            SPARK_JARS,
            environment.get("SPARK_DIST_CLASSPATH"));
    Stream<String> options =
        environment.keySet().stream()
            .filter(name -> name.startsWith(OPTION))
            .sorted(
                Comparator.comparingInt(name -> Integer.parseInt(name.substring(OPTION.length()))))
            .map(environment::get);
    var command = new ArrayList<>(List.of(JAVA));
    command.addAll(options.toList());
    command.addAll(
        List.of(
            "-Xms" + memory,
            "-Xmx" + memory,
            "-cp",
            classPath,
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend"));
    Map<String, String> words =
        Map.of(
            "--driver-url", "SPARK_DRIVER_URL",
            "--executor-id", "SPARK_EXECUTOR_ID",
            "--cores", "SPARK_EXECUTOR_CORES",
            "--app-id", "SPARK_APPLICATION_ID",
            "--hostname", "SPARK_EXECUTOR_POD_IP",
            "--resourceProfileId", "SPARK_RESOURCE_PROFILE_ID",
            "--podName", "SPARK_EXECUTOR_POD_NAME");
    words.forEach((word, variable) -> command.addAll(List.of(word, environment.get(variable))));
    return command;
  }
}
