package io.latentlake.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What has been measured so far. */
final class Samples {
  private final Map<Quantity, List<Double>> samples = new EnumMap<>(Quantity.class);

  /** Measures all contenders by turns. */
  void addRepetitions(List<Contender> contenders, int repetitions) throws Exception {
    for (int repetition = 1; repetition <= repetitions; repetition++) {
      for (Contender contender : contenders) {
        contender.measure().forEach(this::add);
      }
      System.err.printf("latentlake bench: repetition %d of %d%n", repetition, repetitions);
    }
  }

  void add(Quantity quantity, double sample) {
    samples.computeIfAbsent(quantity, q -> new ArrayList<>()).add(sample);
  }

  /** The median of what was measured, which must have been. */
  double median(Quantity quantity) {
    return Median.of(samples.get(quantity));
  }

  /** One figure a quantity, in the table's order. */
  List<Figure> figures() {
    return samples.keySet().stream().map(this::figure).toList();
  }

  private Figure figure(Quantity quantity) {
    double median = median(quantity);
    var other = quantity.comparedWith().filter(samples::containsKey);
    return new Figure(
        quantity.section().label(),
        quantity.key(),
        quantity.label(),
        quantity.unit(),
        median,
        List.copyOf(samples.get(quantity)),
        other.map(Quantity::key).orElse(null),
        other.map(compared -> ratio(quantity, compared)).orElse(null));
  }

  /**
   * The median of the repetitions' ratios: a machine that slows down for a while slows both sides
   * of a repetition. Where the two were repeated differently, the ratio of the medians.
   */
  private double ratio(Quantity quantity, Quantity compared) {
    List<Double> own = samples.get(quantity);
    List<Double> others = samples.get(compared);
    return own.size() == others.size()
        ? Median.of(
            IntStream.range(0, own.size()).mapToObj(i -> own.get(i) / others.get(i)).toList())
        : median(quantity) / median(compared);
  }
}
