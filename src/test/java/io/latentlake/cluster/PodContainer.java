package io.latentlake.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The container of a pod as a process of this machine: with the pod's environment and no other, an
 * address of its own, the names of services, and folders in place of what is mounted.
 */
final class PodContainer {
  /** For a JVM that lives for seconds. */
  private static final String BRIEFLY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final KubernetesClient client;
  private final Pod pod;
  private final String address;
  private final Path folder;

  /**
   * Starts nothing.
   *
   * @param client of the API server that has the pod's config maps
   * @param address the pod's
   * @param folder for its mounts and for what it prints, {@code output.txt}
   */
  PodContainer(KubernetesClient client, Pod pod, String address, Path folder) {
    this.client = client;
    this.pod = pod;
    this.address = address;
    this.folder = folder;
  }

  /** A pod's one container. */
  static Container of(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  /** What starts it, once its config maps are there. */
  ProcessBuilder process() throws IOException {
    Map<String, Path> mounts = mounts();
    var environment = new HashMap<>(SparkImage.environment());
    for (EnvVar variable : of(pod).getEnv()) {
      environment.put(variable.getName(), here(value(variable), mounts));
    }
    environment.put("JAVA_TOOL_OPTIONS", BRIEFLY + " -Djdk.net.hosts.file=" + hosts());
    List<String> arguments = of(pod).getArgs().stream().map(each -> here(each, mounts)).toList();
    var builder = new ProcessBuilder(SparkImage.command(arguments, environment));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output.txt").toFile());
  }

  private String value(EnvVar variable) {
    if (variable.getValueFrom() == null) {
      return Objects.requireNonNullElse(variable.getValue(), "");
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "status.podIP" -> address;
      case "metadata.name" -> pod.getMetadata().getName();
      default -> throw new IllegalArgumentException("no pod's field " + field);
    };
  }

  /** What is mounted: path in the container to folder of this machine. */
  private Map<String, Path> mounts() throws IOException {
    var mounts = new HashMap<String, Path>();
    for (VolumeMount mount : of(pod).getVolumeMounts()) {
      Path place = Files.createDirectory(folder.resolve(mount.getName()));
      mounts.put(mount.getMountPath(), place);
      for (Volume volume : pod.getSpec().getVolumes()) {
        if (volume.getName().equals(mount.getName()) && volume.getConfigMap() != null) {
          write(volume.getConfigMap().getName(), place);
        }
      }
    }
    return mounts;
  }

  private void write(String configMap, Path place) throws IOException {
    var found =
        client
            .configMaps()
            .withName(configMap)
            .waitUntilCondition(Objects::nonNull, 20, TimeUnit.SECONDS);
    for (var file : found.getData().entrySet()) {
      Files.writeString(place.resolve(file.getKey()), file.getValue());
    }
  }

  private static String here(String word, Map<String, Path> mounts) {
    String here = word;
    for (var mount : mounts.entrySet()) {
      here = here.replace(mount.getKey(), mount.getValue().toString());
    }
    return here;
  }

  /** The names that Kubernetes' DNS knows, and this machine's. */
  private Path hosts() throws IOException {
    var lines = new ArrayList<>(List.of("127.0.0.1 localhost"));
    lines.add(address + " " + pod.getMetadata().getName());
    lines.add(address + " " + InetAddress.getLocalHost().getHostName());
    for (Service service : client.services().list().getItems()) {
      String name = service.getMetadata().getName() + ".default.svc";
      for (Pod behind :
          client.pods().withLabels(service.getSpec().getSelector()).list().getItems()) {
        lines.add(behind.getStatus().getPodIP() + " " + name);
      }
    }
    return Files.write(folder.resolve("hosts"), lines);
  }
}
