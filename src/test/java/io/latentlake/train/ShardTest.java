package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.latentlake.data.RejectReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every shard does, wherever its rows are; and what becomes of the files. */
class ShardTest {
  private static final int WIDTH = 5;

  /** Memory for rows, whether they are bytes, and how many there are. */
  @ParameterizedTest
  @CsvSource({
    "1000000, true, 1000",
    "1000000, false, 1000",
    "1000000, true, 0",
    "3000, true, 1000", // windows of at most 600 rows, in blocks of one row
    "3000, false, 1001",
    "11000, true, 2400", // in blocks of four; the last block is not full
    "32000, false, 2401", // in blocks of three
    "7, false, 100", // not even a row
    "1, true, 1"
  })
  void keepsTheContract(long memory, boolean asBytes, int rows) throws Exception {
    var layout = new RowLayout(WIDTH, asBytes);
    float[][] values = Shards.values(rows, layout, 1);
    try (Shard shard = Shards.of(values, layout, memory)) {
      boolean fits = (long) rows * layout.bytes() <= memory;
      assertEquals(fits ? MemoryShard.class : DiskShard.class, shard.getClass());
      assertContract(shard, values);
      try (Shard copy = serialized(shard)) {
        assertContract(copy, values);
        assertArrayEquals(epoch(shard, 3), epoch(copy, 3));
      }
    }
  }

  private static void assertContract(Shard shard, float[][] values) {
    assertEquals(values.length, shard.rows());
    assertEquals(Map.of(RejectReason.NULL_VALUE, 1L), shard.rejected().byReason());
    assertArrayEquals(values, read(shard.read(), values.length));
    float[][] epoch = epoch(shard, 1);
    assertArrayEquals(sorted(values), sorted(epoch));
    assertArrayEquals(epoch, epoch(shard, 1));
    if (values.length > 1) {
      assertFalse(Arrays.deepEquals(epoch, epoch(shard, 2)));
    }
    assertSkippingEqualsReading(shard, epoch);
    RowCursor behind = shard.epoch(1, shard.rows());
    assertThrows(NoSuchElementException.class, () -> behind.read(1, new float[WIDTH]));
    assertThrows(NoSuchElementException.class, () -> behind.skip(1));
  }

  private static void assertSkippingEqualsReading(Shard shard, float[][] epoch) {
    for (int from : new int[] {0, 1, epoch.length / 2, epoch.length - 1, epoch.length}) {
      if (from >= 0 && from <= epoch.length) {
        RowCursor cursor = shard.epoch(1, from);
        assertEquals(from, cursor.position());
        float[][] rest = Arrays.copyOfRange(epoch, from, epoch.length);
        assertArrayEquals(rest, read(cursor, rest.length));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1000000", "2000"})
  void anEpochGoesOnWithWhatWasKept(long memory) {
    var layout = new RowLayout(WIDTH, false);
    try (Shard shard = Shards.of(Shards.values(500, layout, 1), layout, memory)) {
      float[][] whole = epoch(shard, 1);
      RowCursor first = shard.epoch(1, 0);
      float[][] begun = read(first, 100);
      shard.keep(1, first);
      assertArrayEquals(Arrays.copyOf(whole, 100), begun);
      RowCursor second = shard.epoch(1, 130);
      assertEquals(first, second);
      assertArrayEquals(Arrays.copyOfRange(whole, 130, 500), read(second, 370));
      // Another has it: this one must find its place itself.
      assertArrayEquals(Arrays.copyOfRange(whole, 200, 300), read(shard.epoch(1, 200), 100));
      shard.keep(1, second);
      assertArrayEquals(whole, epoch(shard, 1));
    }
  }

  @Test
  void filesAreClosedWithTheirShards() throws Exception {
    Shards.awaitEarlierTables();
    long before = Shards.openFiles();
    var layout = new RowLayout(WIDTH, false);
    float[][] values = Shards.values(100, layout, 1);
    Shard shard = Shards.of(values, layout, 1);
    Shard copy = serialized(shard);
    assertEquals(before + 2, Shards.openFiles());
    shard.close();
    copy.close();
    assertEquals(before, Shards.openFiles());
    RowCursor closed = shard.read();
    assertThrows(UncheckedIOException.class, () -> closed.read(1, new float[WIDTH]));
    try (var unfinished = new ShardBuilder(layout, 1)) {
      unfinished.add(Shards.pack(values, layout));
      assertEquals(before + 1, Shards.openFiles());
    }
    assertEquals(before, Shards.openFiles());
  }

  @Test
  void aCopyThatBreaksOffLeavesNoFile() throws Exception {
    Shards.awaitEarlierTables();
    long before = Shards.openFiles();
    var layout = new RowLayout(WIDTH, false);
    try (Shard shard = Shards.of(Shards.values(100, layout, 1), layout, 1)) {
      byte[] bytes = bytes(shard);
      assertThrows(IOException.class, () -> read(Arrays.copyOf(bytes, bytes.length - 500)));
    }
    assertEquals(before, Shards.openFiles());
  }

  private static Shard serialized(Shard shard) throws IOException, ClassNotFoundException {
    return read(bytes(shard));
  }

  private static byte[] bytes(Shard shard) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(shard);
    }
    return bytes.toByteArray();
  }

  private static Shard read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (Shard) in.readObject();
    }
  }

  private static float[][] epoch(Shard shard, long seed) {
    return read(shard.epoch(seed, 0), shard.rows());
  }

  /** Reads rows in batches of seven. */
  private static float[][] read(RowCursor cursor, int rows) {
    var read = new float[rows][];
    var batch = new float[7 * WIDTH];
    for (int at = 0; at < rows; at += 7) {
      int count = Math.min(7, rows - at);
      cursor.read(count, batch);
      for (int i = 0; i < count; i++) {
        read[at + i] = Arrays.copyOfRange(batch, i * WIDTH, (i + 1) * WIDTH);
      }
    }
    return read;
  }

  private static float[][] sorted(float[][] rows) {
    float[][] sorted = rows.clone();
    Arrays.sort(sorted, Comparator.comparing(Arrays::toString));
    return sorted;
  }
}
