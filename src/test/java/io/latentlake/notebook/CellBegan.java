package io.latentlake.notebook;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a cell tells the test that runs it that it has come so far. */
public final class CellBegan {
  private static volatile CountDownLatch latch = new CountDownLatch(1);

  private CellBegan() {}

  /** Forgets the cell before. */
  static void expect() {
    latch = new CountDownLatch(1);
  }

  /** Called by the cell. */
  public static void tell() {
    latch.countDown();
  }

  /** Waits for the cell. */
  static void await() throws InterruptedException {
    if (!latch.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the cell never began");
    }
  }
}
