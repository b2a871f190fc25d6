package io.latentlake.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Spark wrote down about an application. */
final class EventLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> events = new ArrayList<>();

  /** Reads the one log in a folder. */
  EventLog(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      Path log =
          files
              .filter(file -> !file.getFileName().toString().endsWith(".crc"))
              .reduce(
                  (first, second) -> {
                    throw new AssertionError("two logs: " + first + ", " + second);
                  })
              .orElseThrow();
      for (String line : Files.readAllLines(log)) {
        events.add(JSON.readTree(line));
      }
    }
  }

  /** The executors that ended tasks of stages whose name has this in it. */
  Set<String> executors(String stageName) {
    var stages = new HashSet<Integer>();
    var executors = new TreeSet<String>();
    for (JsonNode event : events) {
      String kind = event.path("Event").asText();
      JsonNode stage = event.path("Stage Info");
      if (kind.equals("SparkListenerStageSubmitted")
          && stage.path("Stage Name").asText().contains(stageName)) {
        stages.add(stage.path("Stage ID").asInt());
      } else if (kind.equals("SparkListenerTaskEnd")
          && stages.contains(event.path("Stage ID").asInt())
          && event.path("Task End Reason").path("Reason").asText().equals("Success")) {
        executors.add(event.path("Task Info").path("Executor ID").asText());
      }
    }
    return executors;
  }
}
