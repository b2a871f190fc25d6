package io.latentlake.report;

/** A drawing's frame: axes with round numbers, and what they measure. */
final class Plot {
  /** At 420 wide the text is as large as the page's, in two columns and on a phone. */
  private static final int WIDTH = 420;

  private static final int HEIGHT = 250;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 34;
  private static final int BOTTOM = 40;
  private static final int TICKS = 5;

  private final Svg svg;
  private final Scale x;
  private final Scale y;

  private Plot(Svg svg, Scale x, Scale y) {
    this.svg = svg;
    this.x = x;
    this.y = y;
  }

  /**
   * An empty plot.
   *
   * @param x its numbers at the left and the right; the places are the plot's own
   * @param y at the bottom and the top
   */
  static Plot of(String label, Scale x, String xName, Scale y, String yName) {
    var across = x.between(LEFT, WIDTH - RIGHT);
    var up = y.between(HEIGHT - BOTTOM, TOP);
    var plot = new Plot(new Svg(WIDTH, HEIGHT, label), across, up);
    plot.frame(xName, yName);
    return plot;
  }

  private void frame(String xName, String yName) {
    for (double tick : y.ticks(TICKS)) {
      svg.line("grid", LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick));
      svg.text("tick", LEFT - 6, y.at(tick) + 4, "end", Readable.number(tick));
    }
    for (double tick : x.ticks(TICKS)) {
      svg.text("tick", x.at(tick), HEIGHT - BOTTOM + 16, "middle", Readable.number(tick));
    }
    svg.line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    svg.text("axis-name", LEFT - 46, 11, "start", yName);
    svg.text("axis-name", WIDTH - RIGHT, HEIGHT - 6, "end", xName);
  }

  /** A line through points. */
  void line(String style, double[] xs, double[] ys) {
    var across = new double[xs.length];
    var up = new double[ys.length];
    for (int i = 0; i < xs.length; i++) {
      across[i] = x.at(xs[i]);
      up[i] = y.at(ys[i]);
    }
    svg.path(style, across, up);
  }

  /** A dot. */
  void dot(String style, double atX, double atY, double radius) {
    svg.circle(style, x.at(atX), y.at(atY), radius);
  }

  /** A bar from the bottom up; none is too low to be seen. */
  void bar(String style, double fromX, double toX, double height) {
    double bottom = y.at(y.low());
    double high = height <= y.low() ? 0 : Math.max(1, bottom - y.at(height));
    double wide = Math.max(0.5, x.at(toX) - x.at(fromX) - 0.6);
    svg.rectangle(style, x.at(fromX), bottom - high, wide, high);
  }

  /** A line across all of the plot, with its name at the top. */
  void mark(String style, double atX, String name) {
    double place = x.at(atX);
    boolean right = place > (LEFT + WIDTH) / 2.0;
    svg.line(style, place, y.at(y.high()), place, y.at(y.low()));
    svg.text(style, right ? place + 4 : place - 4, TOP - 7, right ? "end" : "start", name);
  }

  /** The {@code svg} element. */
  @Override
  public String toString() {
    return svg.toString();
  }
}
