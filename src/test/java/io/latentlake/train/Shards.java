package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import io.latentlake.data.RejectCounts;
import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Shards of random rows, and the files that they have open. */
final class Shards {
  /** Rows that tests add at a time. */
  private static final int BLOCK = 37;

  private Shards() {}

  /** Random rows that the layout can hold. */
  static float[][] values(int rows, RowLayout layout, long seed) {
    var random = new Random(seed);
    var values = new float[rows][layout.width()];
    for (float[] row : values) {
      for (int i = 0; i < row.length; i++) {
        row[i] =
            layout.asBytes()
                ? random.nextInt(256) * RowEncoder.BYTE_STEP
                : (float) random.nextGaussian() * 1e3f;
      }
    }
    return values;
  }

  static PackedRows pack(float[][] values, RowLayout layout) {
    var builder = new PackedRows.Builder(values.length, layout);
    for (float[] row : values) {
      builder.add(row);
    }
    return builder.build();
  }

  /** A shard of these rows, one of which was rejected; on disk where they pass the memory. */
  static Shard of(float[][] values, RowLayout layout, long memory) {
    // A shard's file lies in Spark's local folders.
    SharedSpark.session();
    try (var builder = new ShardBuilder(layout, memory)) {
      for (int at = 0; at < values.length; at += BLOCK) {
        int end = Math.min(values.length, at + BLOCK);
        builder.add(pack(Arrays.copyOfRange(values, at, end), layout));
      }
      var rejected = new RejectCounts();
      rejected.add(RejectReason.NULL_VALUE);
      builder.reject(rejected);
      return builder.build();
    }
  }

  /** Files of shards that this process has open. */
  static long openFiles() throws IOException {
    return open().size();
  }

  /** Lets tables of tests before this one go, which may be noticed only by the collector. */
  static void awaitEarlierTables() throws IOException, InterruptedException {
    await(0, System::gc);
  }

  /** Spark drops what is no longer cached in its own time. */
  static void awaitOpenFiles(long expected, Runnable meanwhile)
      throws IOException, InterruptedException {
    await(expected, meanwhile);
    assertEquals(expected, openFiles());
  }

  private static void await(long expected, Runnable meanwhile)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(20));
    while (openFiles() > expected && Instant.now().isBefore(end)) {
      meanwhile.run();
      Thread.sleep(50);
    }
  }

  /** Changes a bit in the middle of each. */
  static void flipBitInOpenFiles() throws IOException {
    for (Path descriptor : open()) {
      try (var file = new RandomAccessFile(descriptor.toFile(), "rw")) {
        file.seek(file.length() / 2);
        int old = file.read();
        file.seek(file.length() / 2);
        file.write(old ^ 8);
      }
    }
  }

  private static List<Path> open() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(Shards::isShard).toList();
    }
  }

  private static boolean isShard(Path descriptor) {
    try {
      String file = Files.readSymbolicLink(descriptor).toString();
      return file.contains("temp_local_") && file.endsWith("(deleted)");
    } catch (IOException e) {
      // Closed since it was listed.
      return false;
    }
  }
}
