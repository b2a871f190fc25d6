package io.latentlake.report;

import io.latentlake.score.LatentMap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The plots of a report, as SVG. */
final class Diagrams {
  private Diagrams() {}

  /**
   * A curve over the epochs.
   *
   * @param style the class of its line
   * @param values one an epoch
   */
  record Curve(String name, String style, double[] values) {}

  /** Curves over the epochs, which are counted from 1. */
  static Figure curves(String title, String unit, List<Curve> curves, String caption) {
    double[] all = curves.stream().flatMapToDouble(curve -> Arrays.stream(curve.values)).toArray();
    int epochs = curves.get(0).values.length;
    Plot plot = Plot.of(title, Scale.counting(1, epochs), "epoch", Scale.over(all, 0.04), unit);
    double[] numbers = IntStream.rangeClosed(1, epochs).asDoubleStream().toArray();
    for (Curve curve : curves) {
      plot.line("curve " + curve.style, numbers, curve.values);
      plot.dot("dot " + curve.style, epochs, curve.values[epochs - 1], 3);
    }
    List<Figure.Key> keys =
        curves.stream()
            .map(
                curve ->
                    new Figure.Key(
                        curve.style, curve.name, Readable.nats(curve.values[epochs - 1])))
            .toList();
    return Figure.drawn(title, plot.toString(), keys, caption);
  }

  /** A map of latents, a colour a label. */
  static Figure map(LatentMap map, String caption) {
    double[][] all = map.points().values().stream().flatMap(List::stream).toArray(double[][]::new);
    Plot plot =
        Plot.of(
            "Latents of a sample of rows",
            range(all, 0),
            "first principal component",
            range(all, 1),
            "second");
    List<String> labels = List.copyOf(map.points().keySet());
    for (int i = 0; i < labels.size(); i++) {
      for (double[] point : map.points().get(labels.get(i))) {
        plot.dot("point l" + i, point[0], point[1], 1.8);
      }
    }
    List<Figure.Key> keys =
        labels.size() < 2
            ? List.of()
            : IntStream.range(0, labels.size())
                .mapToObj(i -> new Figure.Key("l" + i, labels.get(i), ""))
                .toList();
    return Figure.drawn("Latent map", plot.toString(), keys, caption);
  }

  private static Scale range(double[][] points, int axis) {
    return Scale.over(Arrays.stream(points).mapToDouble(point -> point[axis]).toArray(), 0);
  }

  /**
   * What each latent dimension tells, the most telling first.
   *
   * @param kl nats
   * @param active whether it is used
   */
  static Figure units(double[] kl, boolean[] active, String caption) {
    int[] order =
        IntStream.range(0, kl.length)
            .boxed()
            .sorted((a, b) -> Double.compare(kl[b], kl[a]))
            .mapToInt(i -> i)
            .toArray();
    double highest = Arrays.stream(kl).filter(Double::isFinite).max().orElse(1);
    Plot plot =
        Plot.of(
            "KL of each latent dimension",
            Scale.counting(0, kl.length),
            "dimensions, the most telling first",
            Scale.linear(0, highest),
            "nats");
    for (int i = 0; i < kl.length; i++) {
      plot.bar(active[order[i]] ? "bar usual" : "bar idle", i + 0.1, i + 0.9, kl[order[i]]);
    }
    return Figure.drawn(
        "Latent dimensions",
        plot.toString(),
        IntStream.range(0, kl.length).allMatch(i -> active[i])
            ? List.of()
            : List.of(
                new Figure.Key("usual", "active", ""), new Figure.Key("idle", "not used", "")),
        caption);
  }

  /** Parts of a whole, side by side; those that are nothing are left out. */
  static Figure parts(String title, List<Figure.Part> parts, String caption) {
    List<Figure.Part> there = parts.stream().filter(part -> part.amount() > 0).toList();
    double sum = there.stream().mapToDouble(Figure.Part::amount).sum();
    var svg = new Svg(420, 28, title);
    double at = 0;
    for (Figure.Part part : there) {
      double wide = 420 * part.amount() / sum;
      svg.rectangle("bar " + part.style(), at, 4, Math.max(0.5, wide - 1), 20);
      at += wide;
    }
    List<Figure.Key> keys =
        there.stream()
            .map(
                part ->
                    new Figure.Key(
                        part.style(),
                        part.name(),
                        Readable.share(part.amount() / sum)
                            + ", "
                            + Readable.seconds(part.amount())))
            .toList();
    return Figure.drawn(title, svg.toString(), keys, caption);
  }
}
