package io.latentlake.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text from a stranger includes nothing, whichever way it asks; a user's own file may. */
class HoconTest {
  @TempDir Path folder;

  @Test
  void nothingIsIncluded() throws IOException {
    Path file = Files.writeString(folder.resolve("other.conf"), "train.epochs = 3");
    var asked = new AtomicBoolean();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.set(true);
          exchange.sendResponseHeaders(404, -1);
        });
    server.start();
    String page = "http://127.0.0.1:%d/a.conf".formatted(server.getAddress().getPort());
    try {
      for (String include :
          List.of(
              "\"%s\"".formatted(file),
              "\"%s\"".formatted(page),
              "file(\"%s\")".formatted(file),
              "required(file(\"%s\"))".formatted(file),
              "url(\"%s\")".formatted(page),
              "url(\"%s\")".formatted(file.toUri()),
              "classpath(\"io/latentlake/spec/defaults.conf\")")) {
        String text = "include " + include;
        var error = assertThrows(ConfigException.class, () -> Hocon.parse(text), text);
        assertTrue(error.getMessage().contains("--config"), error.getMessage());
        assertThrows(
            InvalidInputException.class, () -> Configuration.parse(text, "config", Map.of()), text);
      }
    } finally {
      server.stop(0);
    }
    assertFalse(asked.get(), "the network was asked");
  }

  @Test
  void aUsersOwnFileIncludesOthers() throws IOException {
    Path file = Files.writeString(folder.resolve("other.conf"), "train.epochs = 3");
    String text = "include file(\"%s\")".formatted(file);
    assertEquals(3, Configuration.parseFile(text, "a.conf", Map.of()).train().epochs());
  }
}
