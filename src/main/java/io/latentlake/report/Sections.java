package io.latentlake.report;

import io.latentlake.model.TrainedVae;
import java.util.Map;

/** What every report has. */
final class Sections {
  private Sections() {}

  /** What a model was asked to be, all resolved. */
  static Section configuration(String title, TrainedVae model) {
    return new Section("configuration", title)
        .show(Grid.of(Settings.of(model.configuration()), "Setting", "Value"))
        .fold();
  }

  /** Spark's settings, without secrets. */
  static Section spark(Map<String, String> settings) {
    return new Section("spark", "Spark's settings")
        .say("As the session had them; secrets are redacted.")
        .show(Grid.of(settings, "Setting", "Value"))
        .fold();
  }
}
