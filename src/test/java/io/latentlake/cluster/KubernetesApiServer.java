package io.latentlake.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * A stand-in for Kubernetes' API server, on loopback: it keeps the pods, config maps and services
 * that it is sent, lists them by their labels and tells of their changes.
 */
final class KubernetesApiServer implements AutoCloseable {
  private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(), false);

  /** Starts it. */
  KubernetesApiServer() {
    // It logs each.
    REQUESTS.setLevel(Level.WARNING);
    server.init(InetAddress.getLoopbackAddress(), 0);
  }

  /** Such as {@code http://127.0.0.1:40401}. */
  String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The one it listens at. */
  int port() {
    return server.getPort();
  }

  /** A client of the namespace {@code default}; the caller closes it. */
  KubernetesClient client() {
    return server.createClient().inNamespace("default");
  }

  @Override
  public void close() {
    server.destroy();
  }

  /** What the mock server lacks. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    /** A new pod waits for its node. */
    @Override
    public MockResponse handleCreate(RecordedRequest request) {
      if (!request.getPath().endsWith("/pods")) {
        return super.handleCreate(request);
      }
      var sent = Serialization.unmarshal(request.getBody().readUtf8(), Pod.class);
      Pod pod = new PodBuilder(sent).withNewStatus().withPhase("Pending").endStatus().build();
      return super.handleCreate(created(request, request.getPath(), Serialization.asJson(pod)));
    }

    /** Spark's client applies config maps and services, which are new. */
    @Override
    public MockResponse handlePatch(RecordedRequest request) {
      String type = request.getHeader("Content-Type");
      if (type == null || !type.startsWith(PatchType.SERVER_SIDE_APPLY.getContentType())) {
        return super.handlePatch(request);
      }
      String folder = request.getPath().replaceFirst("/[^/]*$", "");
      return super.handleCreate(created(request, folder, request.getBody().readUtf8()));
    }

    private static RecordedRequest created(RecordedRequest request, String path, String json) {
      Buffer body = new Buffer().writeUtf8(json);
      return new RecordedRequest(
          "POST " + path + " HTTP/1.1",
          request.getHeaders(),
          List.of(),
          body.size(),
          body,
          request.getSequenceNumber(),
          new Socket());
    }
  }
}
