package io.latentlake.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.bench.Projection.Measured;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the benchmark makes of its samples. */
class ArithmeticTest {
  private static final double EXACT = 1e-12;

  private static final Measured MEASURED = new Measured(0.1, 12, 24, 48, 48, 125);

  @Test
  void medianIsTheMiddle() {
    assertEquals(3, Median.of(List.of(9.0, 1.0, 3.0)), EXACT);
    assertEquals(2, Median.of(List.of(9.0, 1.0, 3.0, 1.0)), EXACT);
    assertThrows(IllegalArgumentException.class, () -> Median.of(List.of()));
  }

  @Test
  void workIsThatOfTheLayers() {
    // 784-400-20-400-784, by hand: 3.28 MFLOP a row trained, 1.3 scored.
    Work work = Work.of(Configuration.defaults().model(), 784);
    assertEquals(2.0 * (784 * 400 + 400 * 40 + 20 * 400 + 400 * 784), work.scored(), EXACT);
    assertEquals(3 * work.scored() - 2 * 784 * 400, work.trained(), EXACT);
    assertEquals(3.28e6, work.trained(), 1);
    assertEquals(2.0 * 128 * 784 * 400, MatrixProduct.flop("128x784x400"), EXACT);
  }

  @Test
  void contendersTakeTurnsAndRatiosAreOfMedians() throws Exception {
    var turns = new StringBuilder();
    var samples = new Samples();
    List<Contender> contenders =
        List.of(
            () -> {
              turns.append("a");
              return Map.of(Quantity.EPOCH_ONE, 2.0 * turns.length());
            },
            () -> {
              turns.append("b");
              return Map.of(Quantity.EPOCH_TWO, 1.0 * turns.length());
            });
    samples.addRepetitions(contenders, 3);
    assertEquals("ababab", turns.toString());

    List<Figure> figures = samples.figures();
    assertEquals(List.of(2.0, 6.0, 10.0), figures.get(0).samples());
    assertEquals(6, figures.get(0).median(), EXACT);
    Figure two = figures.get(1);
    assertEquals("epoch_one", two.comparedWith());
    assertEquals(4.0 / 6, two.ratio(), EXACT);
  }

  @Test
  void figureWithoutItsComparisonHasNoRatio() throws JsonProcessingException {
    var samples = new Samples();
    samples.add(Quantity.EPOCH_TWO, 1.5);
    JsonNode json = Json.METRICS.readTree(Json.METRICS.writeValueAsString(samples.figures()));
    JsonNode figure = json.get(0);
    assertEquals("epoch_two", figure.path("name").asText());
    assertEquals("s", figure.path("unit").asText());
    assertEquals(1.5, figure.path("median").asDouble(), EXACT);
    assertEquals(1, figure.path("samples").size());
    assertFalse(figure.has("ratio"));
  }

  @Test
  void comparedQuantitiesShareTheirUnit() {
    for (Quantity quantity : Quantity.values()) {
      quantity
          .comparedWith()
          .ifPresent(other -> assertEquals(other.unit(), quantity.unit(), quantity.key()));
    }
  }

  @Test
  void sectionsBringWhatTheyAreComparedWith() {
    assertEquals(EnumSet.allOf(Section.class), Section.named(List.of()));
    assertEquals(
        EnumSet.of(Section.STOCK, Section.TRAIN, Section.PEAK), Section.named(List.of("stock")));
    assertThrows(InvalidInputException.class, () -> Section.named(List.of("speed")));
    for (Quantity quantity : Quantity.values()) {
      var sections = Section.named(List.of(quantity.section().label()));
      quantity
          .comparedWith()
          .ifPresent(other -> assertTrue(sections.contains(other.section()), quantity.key()));
    }
  }

  @Test
  void treeHasTheHopsOfSparks() {
    // 6 on 2 combiners of 3; 128 on 10 of 13 at most; 4 gain nothing from a tree.
    assertEquals(4, new Gathering(4).hops());
    assertEquals(3 + 2, new Gathering(6).hops());
    assertEquals(13 + 10, new Gathering(128).hops());
  }

  @Test
  void projectionAddsUp() {
    // 64 minibatches of 125 rows are 8,000 rows, 48 GFLOP with 1 M parameters, which are 12 MB with
    // Adam's moments.
    var round = Projection.of(MEASURED, 8, 1_000_000);
    assertEquals(12, round.megabytesDown(), EXACT);
    assertEquals(96, round.megabytesUp(), EXACT);
    assertEquals(1, round.broadcastSeconds(), EXACT);
    assertEquals(4, round.collectSeconds(), EXACT);
    // 8 results on 2 combiners of 4: 6 hops.
    assertEquals(6 * 12 / 48.0, round.treeSeconds(), EXACT);
    assertEquals(1, round.computeSeconds(), EXACT);
    assertEquals((0.1 + 1 + 1.5) / (0.1 + 1 + 1.5 + 1), round.overhead(), EXACT);
    assertEquals(9, Projection.table(MEASURED).size());
  }
}
