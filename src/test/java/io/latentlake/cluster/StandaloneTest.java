package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.Submitted;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains and scores on a standalone cluster that is secured by {@code conf/spark-secure.conf}:
 * authentication, encryption on the network and on disks, the UI over TLS, an event log.
 */
@Tag("slow")
class StandaloneTest {
  private static final String SECRET = "planted-token-4711";
  private static final String KEYS = "ui.p12";
  private static final String PASSWORD = "planted-password";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path folder;

  private int port;

  private Submitted submit(StandaloneCluster cluster, Path settings, String words)
      throws IOException {
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(
        List.of("--", "--master", cluster.master(), "--properties-file", settings.toString()));
    return new Submitted(folder, arguments);
  }

  private static void requireEnd(Submitted submitted, int exitCode)
      throws IOException, InterruptedException {
    assertEquals(exitCode, submitted.waitFor(PATIENCE), submitted.output());
    requireNoSecret("what was printed", submitted.output());
  }

  private void run(StandaloneCluster cluster, Path settings, int exitCode, String words)
      throws IOException, InterruptedException {
    try (var submitted = submit(cluster, settings, words)) {
      requireEnd(submitted, exitCode);
    }
  }

  private static void requireNoSecret(String where, String text) {
    assertFalse(text.contains(SECRET) || text.contains(PASSWORD), where + " has a secret");
  }

  /** The committed settings, with places, a key and a secret of this test. */
  private Path settings() throws IOException, InterruptedException {
    Map<String, String> mine =
        Map.of(
            "spark.ssl.ui.keyStore",
            keyStore().toString(),
            "spark.hadoop.hadoop.security.credential.provider.path",
            credentials(),
            "spark.eventLog.dir",
            Files.createDirectory(events()).toUri().toString());
    var lines = new ArrayList<String>();
    for (String line : Files.readAllLines(Path.of("conf", "spark-secure.conf"))) {
      String name = line.split(" ")[0];
      lines.add(mine.containsKey(name) ? name + " " + mine.get(name) : line);
    }
    assertTrue(mine.values().stream().allMatch(value -> String.join("\n", lines).contains(value)));
    lines.addAll(
        List.of(
            "spark.authenticate.secret " + SECRET,
            "spark.ssl.ui.port " + port,
            "spark.cores.max 2",
            "spark.executor.memory 1g",
            "spark.driver.host 127.0.0.1",
            "spark.metrics.conf.driver.sink.csv.class org.apache.spark.metrics.sink.CsvSink",
            "spark.metrics.conf.driver.sink.csv.directory " + Files.createDirectory(metrics()),
            "spark.metrics.conf.driver.sink.csv.period 1"));
    return Files.write(folder.resolve("spark.conf"), lines);
  }

  private Path keyStore() throws IOException, InterruptedException {
    Path store = folder.resolve(KEYS);
    String words =
        "%s -genkeypair -alias ui -keyalg RSA -dname CN=localhost -ext san=ip:127.0.0.1 -storetype PKCS12 -keystore %s -storepass %s"
            .formatted(Path.of(System.getProperty("java.home"), "bin", "keytool"), store, PASSWORD);
    var builder = new ProcessBuilder(words.split(" ")).redirectErrorStream(true);
    Process keytool = builder.redirectOutput(folder.resolve("keytool.txt").toFile()).start();
    assertEquals(0, keytool.waitFor(), Files.readString(folder.resolve("keytool.txt")));
    return store;
  }

  private String credentials() throws IOException {
    String provider = "jceks://file" + folder.resolve("credentials.jceks");
    var hadoop = new Configuration();
    hadoop.set(CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH, provider);
    CredentialProvider credentials = CredentialProviderFactory.getProviders(hadoop).get(0);
    credentials.createCredentialEntry("spark.ssl.ui.keyStorePassword", PASSWORD.toCharArray());
    credentials.flush();
    return provider;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Asks for the page of settings over TLS, by our own certificate. */
  private void requireSafeUi(Submitted running) throws Exception {
    KeyStore own = KeyStore.getInstance(folder.resolve(KEYS).toFile(), PASSWORD.toCharArray());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(own);
    SSLContext tls = SSLContext.getInstance("TLSv1.3");
    tls.init(null, trust.getTrustManagers(), null);
    HttpClient client = HttpClient.newBuilder().sslContext(tls).build();
    var page = URI.create("https://127.0.0.1:%d/environment/".formatted(port));
    HttpResponse<String> shown = null;
    // The port is open before the pages are there.
    while (shown == null || !shown.body().contains("spark.authenticate")) {
      assertFalse(running.hasEnded(Duration.ofMillis(100)), running.output());
      try {
        shown = client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
      } catch (ConnectException e) {
        shown = null; // nor the port
      }
    }
    requireNoSecret("Spark's page of settings", shown.body());
  }

  private Path events() {
    return folder.resolve("events");
  }

  private Path metrics() {
    return folder.resolve("metrics");
  }

  @Test
  void trainsAndScoresOnASecuredCluster() throws Exception {
    port = freePort();
    Path settings = settings();
    Path model = folder.resolve("model");
    Path scores = folder.resolve("scores");
    Path log = folder.resolve("run.jsonl");
    try (var cluster = new StandaloneCluster(folder, settings, 2)) {
      String training =
          "train --input mnist:test --epochs 1 --workers 2 --averaging-frequency 8 --verbose --model %s --log-json %s"
              .formatted(model, log);
      try (var submitted = submit(cluster, settings, training)) {
        requireSafeUi(submitted);
        requireEnd(submitted, 0);
      }
      run(
          cluster,
          settings,
          0,
          "score --input fashion-mnist:test --keep index --model %s --output %s --metrics %s --log-json %s"
              .formatted(model, scores, folder.resolve("score.json"), log));
      // An exception with its trace.
      run(
          cluster,
          settings,
          2,
          "score --input mnist:test --keep nothing --verbose --model %s --output %s --log-json %s"
              .formatted(model, folder.resolve("refused"), log));
    }
    assertEquals(
        10_000, SharedSpark.session().read().parquet(scores.toString()).distinct().count());
    requireShown("latentlake.training.rounds");
    requireShown("latentlake.scoring.rows");
    try (var logs = Files.list(events())) {
      assertEquals(3, logs.count());
    }
    for (Path written :
        List.of(model, scores, metrics(), log, folder.resolve("score.json"), events())) {
      requireNoSecret(written);
    }
  }

  /** Spark's own sink has written the figure, and not only zeros. */
  private void requireShown(String figure) throws IOException {
    try (var files = Files.list(metrics())) {
      Path file =
          files
              .filter(each -> each.getFileName().toString().endsWith(".driver." + figure + ".csv"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + figure + ".csv"));
      List<String> lines = Files.readAllLines(file);
      assertTrue(
          lines.stream().anyMatch(line -> line.matches("\\d+,[1-9].*")), figure + ": " + lines);
    }
  }

  private static void requireNoSecret(Path written) throws IOException {
    try (var files = Files.walk(written)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        requireNoSecret(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
  }
}
