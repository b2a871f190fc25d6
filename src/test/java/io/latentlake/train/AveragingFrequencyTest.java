package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.AutoCount;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How often workers are averaged: as asked for, or as rarely as communication costs. */
class AveragingFrequencyTest {

  /** On a machine whose costs are fixed, the share of communication settles at the bound. */
  @Property(tries = 200)
  void communicationSettlesAtTheShareAimedAt(
      @ForAll @IntRange(min = 1, max = 10_000) int batchTenths,
      @ForAll @IntRange(min = 1, max = 10_000) int communicationMillis) {
    double batch = batchTenths / 1e4;
    double communication = communicationMillis / 1e3;
    var frequency = new AveragingFrequency(AutoCount.AUTO);
    for (int round = 0; round < 60; round++) {
      frequency.observe(time(frequency.current(), batch, communication), frequency.current());
    }
    double share = time(frequency.current(), batch, communication).communicationShare();
    assertTrue(share <= AveragingFrequency.COMMUNICATION_SHARE + 1e-9, "share " + share);
    boolean rarerThanNeeded =
        frequency.current() > 1
            && time(frequency.current() / 3, batch, communication).communicationShare()
                <= AveragingFrequency.COMMUNICATION_SHARE;
    assertTrue(!rarerThanNeeded, "averaged every " + frequency.current());
  }

  private static RoundTime time(int batches, double batch, double communication) {
    return new RoundTime(batches * batch, 0, communication / 2, communication / 2, 0);
  }

  @Property(tries = 200)
  void anEpochFallsIntoEvenRounds(@ForAll @IntRange(min = 1, max = 2000) int batches) {
    var frequency = new AveragingFrequency(AutoCount.AUTO);
    int smallest = Integer.MAX_VALUE;
    int largest = 0;
    int left = batches;
    while (left > 0) {
      int next = frequency.next(left);
      assertTrue(next >= 1 && next <= left);
      smallest = Math.min(smallest, next);
      largest = Math.max(largest, next);
      left -= next;
    }
    assertTrue(largest - smallest <= 1, smallest + " to " + largest);
  }

  /** Eight workers of one second on two slots: four seconds of computing, none of waiting. */
  @Test
  void workersThatTakeTurnsAreNotCommunication() {
    WorkerTime all = WorkerTime.of(0, 1);
    for (int worker = 1; worker < 8; worker++) {
      all = all.merge(WorkerTime.of(0, 1));
    }
    RoundTime time = all.in(0.1, 4.3, 2);
    assertEquals(4, time.compute(), 1e-9);
    assertEquals(0, time.waiting(), 1e-9);
    assertEquals(0.2, time.aggregate(), 1e-9);
    assertEquals(8, time.work(), 1e-9);
  }

  @Test
  void whatIsAskedForStays() {
    var frequency = new AveragingFrequency(64);
    frequency.observe(new RoundTime(1, 0, 100, 100, 1), 64);
    assertEquals(64, frequency.next(200));
    assertEquals(8, frequency.next(8));
  }
}
