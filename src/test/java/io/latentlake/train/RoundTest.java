package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.nn.ElboTerms;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Rounds cover every row of every worker once, and averages are weighted by rows. */
class RoundTest {

  @Property(tries = 500)
  void theRoundsOfAnEpochCoverEveryRowOnce(
      @ForAll @IntRange(min = 0, max = 5000) int rows,
      @ForAll @IntRange(min = 1, max = 700) int batchSize,
      @ForAll @IntRange(min = 1, max = 40) int frequency) {
    int batches = Round.batchesIn(rows, batchSize);
    int next = 0;
    for (int first = 0; first < batches; first += frequency) {
      var round = new Round(1, first, Math.min(frequency, batches - first), batchSize);
      assertEquals(next, round.from(rows));
      assertEquals(round.to(rows) - next, round.rows(rows));
      next = round.to(rows);
    }
    assertEquals(rows, next);
  }

  @Property(tries = 200)
  void anOrderIsAPermutationThatItsSeedDecides(
      @ForAll @IntRange(min = 0, max = 1000) int rows, @ForAll long seed) {
    int[] order = Windows.shuffle(rows, seed);
    assertArrayEquals(order, Windows.shuffle(rows, seed));
    assertArrayEquals(IntStream.range(0, rows).toArray(), Arrays.stream(order).sorted().toArray());
  }

  @Test
  void workersWeighAsManyRowsAsTheyTook() {
    ReplicaState average =
        RoundResult.average(
            List.of(
                result(300, new float[] {1, 10}, new float[] {4}, 7),
                result(100, new float[] {5, 30}, new float[] {8}, 3)));
    assertArrayEquals(new float[] {2, 15}, average.parameters(), 1e-6f);
    assertArrayEquals(new float[] {5}, average.updaterState(), 1e-6f);
    assertEquals(7, average.iteration());
  }

  @Test
  void mergedInAnyOrderTheMeanIsTheSame() {
    RoundResult a = result(300, new float[] {1}, new float[] {4}, 7);
    RoundResult b = result(100, new float[] {5}, new float[] {8}, 3);
    RoundResult c = result(600, new float[] {-2}, new float[] {0}, 5);
    float expected = RoundResult.average(List.of(a, b, c)).parameters()[0];
    assertEquals(expected, merge(merge(a, b), c).state().parameters()[0], 1e-6f);
    assertEquals(expected, merge(c, merge(a, b)).state().parameters()[0], 1e-6f);
    assertEquals(1000, merge(c, merge(a, b)).rows());
  }

  @Test
  void oneWorkersAverageIsItsStateToTheBit() {
    float[] odd = {0.1f, -3.3333333f, 1e-38f, Float.MAX_VALUE};
    ReplicaState average = RoundResult.average(List.of(result(7, odd, odd, 1)));
    assertArrayEquals(odd, average.parameters());
    assertArrayEquals(odd, average.updaterState());
  }

  private static RoundResult result(int rows, float[] parameters, float[] state, int iteration) {
    return new RoundResult(
        rows, new ReplicaState(parameters, state, iteration), ElboTerms.ZERO, WorkerTime.of(0, 0));
  }

  private static RoundResult merge(RoundResult one, RoundResult other) {
    return RoundResult.merge(List.of(one, other));
  }
}
