package io.latentlake.report;

import io.latentlake.nn.ElboTerms;
import io.latentlake.score.LatentMap;
import io.latentlake.train.EpochRecord;
import io.latentlake.train.History;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.Histogram;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The plots. */
public final class Charts {
  private static final int BINS = 80;
  private static final Color BLUE = new Color(0x1f77b4);
  private static final Color ORANGE = new Color(0xff7f0e);

  private Charts() {}

  /** Loss in nats over the epochs, of the training rows and, where there are any, the others. */
  public static BufferedImage loss(History history) {
    XYChart chart = chart("Loss (−ELBO, one z a row)", "epoch", "nats a row");
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    line(chart, "train", history.epochs(), EpochRecord::train, BLUE);
    if (history.isValidated()) {
      line(chart, "validation", history.epochs(), EpochRecord::validation, ORANGE);
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static void line(
      XYChart chart,
      String name,
      List<EpochRecord> epochs,
      Function<EpochRecord, ElboTerms> terms,
      Color color) {
    XYSeries series =
        chart.addSeries(
            name,
            epochs.stream().mapToDouble(EpochRecord::epoch).toArray(),
            epochs.stream().map(terms).mapToDouble(ElboTerms::loss).toArray());
    series.setMarkerColor(color);
    series.setLineColor(color);
    series.setMarker(epochs.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }

  /**
   * How the scores of normal and anomalous rows are distributed, and the threshold, over a
   * logarithmic axis: anomalies may be many times as far off as anything normal.
   *
   * @param normal raw scores, above 0; not empty
   * @param anomalous likewise
   * @param threshold a raw score
   */
  public static BufferedImage scores(
      String normalName,
      double[] normal,
      String anomalousName,
      double[] anomalous,
      double threshold) {
    XYChart chart = chart("Raw score of the scored lake", "raw score", "share of the rows");
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea);
    chart.getStyler().setXAxisLogarithmic(true);
    double[] all =
        DoubleStream.concat(DoubleStream.of(normal), DoubleStream.of(anomalous)).toArray();
    double low = Math.log10(DoubleStream.of(all).min().orElse(1));
    double high = Math.log10(DoubleStream.of(all).max().orElse(10));
    double highest =
        Math.max(
            area(chart, normalName, normal, low, high, BLUE),
            area(chart, anomalousName, anomalous, low, high, ORANGE));
    XYSeries line =
        chart.addSeries(
            "threshold", new double[] {threshold, threshold}, new double[] {0, highest});
    line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    line.setMarker(SeriesMarkers.NONE).setLineColor(Color.DARK_GRAY);
    return BitmapEncoder.getBufferedImage(chart);
  }

  /** Draws a histogram in bins of equal width between two powers of ten; gives its highest bar. */
  private static double area(
      XYChart chart, String name, double[] values, double low, double high, Color color) {
    var logarithms = DoubleStream.of(values).map(Math::log10).boxed().toList();
    var histogram = new Histogram(logarithms, BINS, low, high);
    double[] shares =
        histogram.getyAxisData().stream().mapToDouble(n -> n / values.length).toArray();
    double[] centers =
        histogram.getxAxisData().stream().mapToDouble(x -> Math.pow(10, x)).toArray();
    XYSeries series = chart.addSeries(name, centers, shares);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color);
    series.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 90));
    return DoubleStream.of(shares).max().orElse(0);
  }

  /** A map of latents, a colour a label. */
  public static BufferedImage map(LatentMap map) {
    XYChart chart = chart("Latents", "first principal component", "second principal component");
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(4);
    chart.getStyler().setLegendVisible(map.points().size() > 1);
    int label = 0;
    for (var entry : map.points().entrySet()) {
      XYSeries series =
          chart.addSeries(
              entry.getKey(),
              entry.getValue().stream().mapToDouble(point -> point[0]).toArray(),
              entry.getValue().stream().mapToDouble(point -> point[1]).toArray());
      series.setMarker(SeriesMarkers.CIRCLE);
      // Evenly around the circle of hues, every other one darker.
      float hue = (float) label / map.points().size();
      series.setMarkerColor(Color.getHSBColor(hue, 0.85f, label % 2 == 0 ? 0.9f : 0.6f));
      label++;
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(420)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setLegendBorderColor(Color.WHITE);
    return chart;
  }
}
