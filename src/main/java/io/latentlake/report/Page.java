package io.latentlake.report;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import io.latentlake.model.Provenance;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A report: one HTML file that needs nothing beside it. The template escapes all that it shows, but
 * for the drawings, which have escaped their texts.
 *
 * @param kind what it is a report of
 * @param headline the result in one sentence
 * @param lead what to make of it
 * @param warning what went wrong; null where nothing did
 * @param tiles the figures to see first
 * @param sections all else
 */
record Page(
    String kind,
    String headline,
    String lead,
    String warning,
    List<Tile> tiles,
    List<Section> sections) {
  private static final Mustache TEMPLATE =
      new DefaultMustacheFactory("io/latentlake/report").compile("page.mustache");

  /** A figure and what it is. */
  record Tile(String value, String name) {}

  /** What made it. */
  public String made() {
    return "Made by LatentLake " + Provenance.runningVersion() + ", to be read offline.";
  }

  /** The file's content. */
  byte[] html() {
    var text = new StringWriter();
    TEMPLATE.execute(text, this);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
