package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What is asked of a cluster is enough, and no more than there is. */
class SizingTest {
  private static final long GIB = 1L << 30;

  @Property
  void shardsFitWhereTheyAreSaidTo(
      @ForAll @LongRange(min = 1, max = 10_000_000_000L) long rows,
      @ForAll @IntRange(min = 1, max = 10_000) int features,
      @ForAll @IntRange(min = 1, max = 100) int executors,
      @ForAll @IntRange(min = 1, max = 16) int cores) {
    var job = new Sizing.Job(rows, features, 4, 1_000_000, executors, cores, 32 * GIB);
    Sizing size = Sizing.of(job);
    long held = 4 * rows * features;
    assertTrue(size.shard() * job.workers() >= held);
    if (size.inMemory()) {
      // As much as a shard may take unless train.shard-memory says otherwise.
      assertTrue(size.heap() >= 4 * cores * size.shard());
    }
    assertTrue(size.heap() <= 32 * GIB + GIB);
    assertTrue(size.overhead() > Sizing.BESIDE_THE_HEAP);
  }

  @Test
  void moreWeightsTakeMoreOnEveryHand() {
    Sizing small = Sizing.of(new Sizing.Job(1000, 10, 4, 1_000, 2, 2, 2 * GIB));
    Sizing large = Sizing.of(new Sizing.Job(1000, 10, 4, 50_000_000, 2, 2, 64 * GIB));
    assertTrue(large.heap() > small.heap() + 2 * 4 * 50_000_000L);
    assertTrue(large.overhead() > small.overhead() + 2 * 4 * 50_000_000L);
    assertTrue(large.driverHeap() > small.driverHeap() + 4 * 50_000_000L);
  }

  @Test
  void aTableTooLargeForTheHeapStreams() {
    var job = new Sizing.Job(1_000_000_000, 100, 4, 1_000, 2, 2, 8 * GIB);
    assertFalse(Sizing.of(job).inMemory());
    assertEquals(8 * GIB, Sizing.of(job).heap());
  }

  @Test
  void nothingIsRefused() {
    assertThrows(InvalidInputException.class, () -> new Sizing.Job(0, 1, 4, 1, 1, 1, GIB));
    assertThrows(InvalidInputException.class, () -> new Sizing.Job(1, 1, 4, 1, 0, 1, GIB));
  }

  @Test
  void whatCannotBeCountedIsRefused() {
    long most = Long.MAX_VALUE;
    int many = Integer.MAX_VALUE;
    assertThrows(InvalidInputException.class, () -> new Sizing.Job(most, 1, 4, 1, 1, 1, GIB));
    assertThrows(InvalidInputException.class, () -> new Sizing.Job(1, many, 4, 1, 1, 1, GIB));
    assertThrows(InvalidInputException.class, () -> new Sizing.Job(1, 1, 4, 1, many, 4, GIB));
    assertThrows(InvalidInputException.class, () -> new Sizing.Job(1, 1, 4, 1, 1, many, GIB));
  }

  @Test
  void aHeapTooSmallForItsTasksIsRefused() {
    var job = new Sizing.Job(1000, 10, 4, 1_000, 2, 4, GIB);
    String message = assertThrows(InvalidInputException.class, () -> Sizing.of(job)).getMessage();
    assertTrue(message.contains("--largest-heap 1024m: 4 tasks need 1792m"), message);
  }
}
