package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A stand-in for a node of Kubernetes: the container of each pod that fits is a process of this
 * machine, and the API server hears how it is. Ends what it has started when closed.
 */
final class KubernetesNode implements AutoCloseable {
  private final KubernetesClient client;
  private final Path folder;
  private final long memory;
  private final String addresses;
  private final ExecutorService starting = Executors.newCachedThreadPool();
  private final List<Pod> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Process> containers = new ConcurrentHashMap<>();

  /**
   * Waits for pods.
   *
   * @param server whose pods they are
   * @param folder for what the pods write and print
   * @param memory of the node, bytes: a pod that asks for more isn't started
   */
  KubernetesNode(KubernetesApiServer server, Path folder, long memory) {
    this.client = server.client();
    this.folder = folder;
    this.memory = memory;
    // The port is this test's alone, and so are these.
    this.addresses = "127.%d.%d.".formatted(server.port() >> 8, server.port() & 255);
    client.pods().inform(new Handler());
  }

  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      accept(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
      // It is this node that changes them.
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      end(pod.getMetadata().getName());
    }
  }

  /** Every pod that was ever asked for, as it was asked for. */
  List<Pod> asked() {
    return List.copyOf(asked);
  }

  /** What a pod is now. */
  Pod pod(String name) {
    return client.pods().withName(name).get();
  }

  /** What the container of a pod has printed so far. */
  String printed(String pod) throws IOException {
    Path output = folder.resolve(pod).resolve("output.txt");
    return Files.exists(output) ? Files.readString(output) : "";
  }

  /** Kills the container of a pod, which has then failed; false where none runs. */
  boolean kill(String pod) {
    Process container = containers.get(pod);
    return container != null && container.destroyForcibly() != null;
  }

  private void accept(Pod pod) {
    asked.add(pod);
    String address = addresses + asked.size();
    var asks = PodContainer.of(pod).getResources().getRequests().get("memory");
    if (asks.getNumericalAmount().longValueExact() <= memory) {
      starting.execute(() -> start(pod, address));
    }
  }

  private void start(Pod pod, String address) {
    String name = pod.getMetadata().getName();
    var running = new ContainerStateBuilder().withNewRunning().endRunning().build();
    report(name, "Running", address, running);
    try {
      Path place = Files.createDirectory(folder.resolve(name));
      Process process = new PodContainer(client, pod, address, place).process().start();
      containers.put(name, process);
      process.onExit().thenAccept(ended -> ended(name, address, ended.exitValue()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (pod(name) == null) {
      end(name);
    }
  }

  private void ended(String pod, String address, int exitCode) {
    if (containers.remove(pod) != null) {
      var terminated =
          new ContainerStateBuilder()
              .withNewTerminated()
              .withExitCode(exitCode)
              .withReason(exitCode == 0 ? "Completed" : "Error")
              .endTerminated()
              .build();
      report(pod, exitCode == 0 ? "Succeeded" : "Failed", address, terminated);
    }
  }

  private void report(String pod, String phase, String address, ContainerState state) {
    client
        .pods()
        .withName(pod)
        .editStatus(
            now ->
                new PodBuilder(now)
                    .withNewStatus()
                    .withPhase(phase)
                    .withPodIP(address)
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus(phase.equals("Running") ? "True" : "False")
                    .endCondition()
                    .addNewContainerStatus()
                    .withName(PodContainer.of(now).getName())
                    .withImage(PodContainer.of(now).getImage())
                    .withState(state)
                    .endContainerStatus()
                    .endStatus()
                    .build());
  }

  private void end(String pod) {
    Process container = containers.remove(pod);
    if (container != null) {
      container.destroyForcibly();
    }
  }

  @Override
  public void close() throws InterruptedException {
    starting.shutdownNow();
    boolean started = starting.awaitTermination(1, TimeUnit.MINUTES);
    containers.keySet().forEach(this::end);
    client.close();
    assertTrue(started, "a container is still being started");
  }
}
