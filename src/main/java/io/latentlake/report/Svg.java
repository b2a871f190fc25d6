package io.latentlake.report;

import java.util.Locale;

/**
 * A drawing in SVG, without colours: its classes get them from the page's style, which knows light
 * and dark. Text is escaped.
 */
final class Svg {
  private final StringBuilder content = new StringBuilder();
  private final int width;
  private final int height;
  private final String label;

  /**
   * An empty drawing.
   *
   * @param label what it shows, for those who can't see it
   */
  Svg(int width, int height, String label) {
    this.width = width;
    this.height = height;
    this.label = label;
  }

  void line(String style, double x1, double y1, double x2, double y2) {
    add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        style, x1, y1, x2, y2);
  }

  void rectangle(String style, double x, double y, double wide, double high) {
    add(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.2f\"/>",
        style, x, y, wide, high);
  }

  void circle(String style, double x, double y, double radius) {
    add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", style, x, y, radius);
  }

  /** A line through points. */
  void path(String style, double[] x, double[] y) {
    var way = new StringBuilder();
    for (int i = 0; i < x.length; i++) {
      way.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x[i], y[i]));
    }
    add("<path class=\"%s\" d=\"%s\"/>", style, way);
  }

  /**
   * A text.
   *
   * @param anchor {@code start}, {@code middle} or {@code end}
   */
  void text(String style, double x, double y, String anchor, String text) {
    add(
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        style, x, y, anchor, escaped(text));
  }

  private void add(String format, Object... values) {
    content.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** The {@code svg} element. */
  @Override
  public String toString() {
    return "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n%s</svg>"
        .formatted(width, height, escaped(label), content);
  }
}
