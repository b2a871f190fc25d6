package io.latentlake.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes files as somebody might who wants to do harm, or as chance does. */
final class Mutation {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TEXTS =
      List.of(
          "",
          "../../../../etc/passwd",
          "file:///etc/passwd",
          "http://127.0.0.1:9/model",
          "${java.version}",
          "io.latentlake.model.Planted",
          "javax.script.ScriptEngineManager",
          "rmi://127.0.0.1/x",
          "\u0000\uffff\ud800",
          "mixed",
          "categorical",
          "x".repeat(100_000));

  private static final List<JsonNode> NUMBERS =
      List.of(
          JSON.numberNode(0),
          JSON.numberNode(-1),
          JSON.numberNode(1),
          JSON.numberNode(7),
          JSON.numberNode(100_000),
          JSON.numberNode(Integer.MAX_VALUE),
          JSON.numberNode(Integer.MIN_VALUE),
          JSON.numberNode(1L << 31),
          JSON.numberNode(Long.MAX_VALUE),
          JSON.numberNode(BigInteger.TEN.pow(400)),
          JSON.numberNode(0.5),
          JSON.numberNode(1e-320),
          JSON.numberNode(1e308),
          JSON.numberNode(-1e308));

  /** Lists repeated in lists that are repeated grow beyond all bounds, bytes. */
  private static final int LARGEST = 2_000_000;

  private final Random random;

  Mutation(Random random) {
    this.random = random;
  }

  /** Changes some bytes, takes some away, or adds some. */
  byte[] ofBytes(byte[] file) {
    byte[] changed = file.clone();
    int at = random.nextInt(file.length);
    return switch (random.nextInt(5)) {
      case 0 -> {
        changed[at] ^= (byte) (1 << random.nextInt(8));
        yield changed;
      }
      case 1 -> {
        for (int i = 0; i < 1 + random.nextInt(8); i++) {
          changed[random.nextInt(file.length)] = (byte) random.nextInt();
        }
        yield changed;
      }
      case 2 -> Arrays.copyOf(file, at);
      case 3 -> {
        byte[] longer = Arrays.copyOf(file, file.length + random.nextInt(100));
        System.arraycopy(file, at, longer, longer.length - (file.length - at), file.length - at);
        yield longer;
      }
      default -> {
        Arrays.fill(changed, at, Math.min(file.length, at + 8), (byte) (random.nextInt(2) - 1));
        yield changed;
      }
    };
  }

  /**
   * Changes one to three values of a document, which stays JSON, and of a size that can be read.
   */
  byte[] ofJson(byte[] document) throws IOException {
    byte[] changed;
    do {
      changed = Json.MAPPER.writeValueAsBytes(changed(Json.MAPPER.readTree(document)));
    } while (changed.length > LARGEST);
    return changed;
  }

  private ObjectNode changed(JsonNode document) {
    ObjectNode changed = document.deepCopy();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      List<JsonNode> containers = new ArrayList<>();
      collect(changed, containers);
      JsonNode container = containers.get(random.nextInt(containers.size()));
      if (container instanceof ObjectNode object) {
        change(object);
      } else {
        change((ArrayNode) container);
      }
    }
    return changed;
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private void change(ObjectNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    String key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(8)) {
      case 0 -> object.remove(key);
      case 1 -> object.set(TEXTS.get(random.nextInt(TEXTS.size())), object.get(key));
      case 2 -> object.set(key, object.get(keys.get(random.nextInt(keys.size()))).deepCopy());
      case 3 -> object.put("@class", "io.latentlake.model.Planted");
      default -> object.set(key, value(object.get(key)));
    }
  }

  private void change(ArrayNode array) {
    int at = random.nextInt(array.size());
    switch (random.nextInt(6)) {
      case 0 -> array.remove(at);
      case 1 -> array.insert(at, array.get(random.nextInt(array.size())).deepCopy());
      case 2 -> {
        JsonNode repeated = array.get(at);
        int copies = repeated.toString().length() < 1000 ? 2000 : 2;
        for (int i = 0; i < copies; i++) {
          array.add(repeated.deepCopy());
        }
      }
      default -> array.set(at, value(array.get(at)));
    }
  }

  /** Something else, more often than not of the same kind. */
  private JsonNode value(JsonNode old) {
    int kind = random.nextInt(10);
    if (kind < 6 && old.isNumber()) {
      return NUMBERS.get(random.nextInt(NUMBERS.size()));
    }
    if (kind < 6 && old.isTextual()) {
      return JSON.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
    }
    return switch (kind) {
      case 0, 6 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2, 7 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 3, 8 -> JSON.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 4 -> JSON.objectNode().put("@class", "io.latentlake.model.Planted");
      case 5 -> JSON.arrayNode().add("io.latentlake.model.Planted").add(JSON.objectNode());
      default -> nested();
    };
  }

  private JsonNode nested() {
    JsonNode inner = JSON.numberNode(1);
    for (int depth = 0; depth < 500; depth++) {
      inner = JSON.arrayNode().add(inner);
    }
    return inner;
  }
}
