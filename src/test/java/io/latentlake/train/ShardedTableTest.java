package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.data.RowEncoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packing: every row once, in an order that the table decides, in memory or on disk. */
class ShardedTableTest {
  private static final int ROWS = 3000;
  private static final int WORKERS = 3;
  private static final long ENOUGH = 1L << 30;

  /** A tenth of a shard. */
  private static final long LITTLE = ROWS / WORKERS * Tables.WIDTH / 10;

  private static final RowLayout LAYOUT = new RowLayout(Tables.WIDTH, true);
  private static final RowEncoder ENCODER =
      new RowEncoder(Tables.PLAN, Tables.configuration(Map.of()).model().likelihood());

  private final Dataset<Row> table = Tables.table(Tables.rows(ROWS, 1), 7).rows();

  @Test
  void shardsOnDiskHaveTheSameRowsAsThoseInMemory() {
    try (ShardedTable memory = ShardedTable.pack(table, ENCODER, WORKERS, ENOUGH);
        ShardedTable disk = ShardedTable.pack(table, ENCODER, WORKERS, LITTLE)) {
      assertEquals(
          List.of(true, true, true), memory.shards().map(ShardedTableTest::inMemory).collect());
      assertEquals(
          List.of(false, false, false), disk.shards().map(ShardedTableTest::inMemory).collect());
      assertArrayEquals(memory.rowsByWorker(), disk.rowsByWorker());
      assertRows(rows(memory.shards()), disk.shards());
    }
  }

  private static boolean inMemory(Shard shard) {
    return shard instanceof MemoryShard;
  }

  @Test
  void theOrderIsTheTablesWhateverSpillsOnItsWay() {
    // Partitions deal their rows in turn, each beginning with another worker.
    List<Row> rows = table.collectAsList();
    int[] starts =
        table.javaRDD().glom().map(List::size).collect().stream().mapToInt(n -> n).toArray();
    var expected = new ArrayList<List<Row>>();
    for (int worker = 0; worker < WORKERS; worker++) {
      expected.add(new ArrayList<>());
    }
    int at = 0;
    for (int partition = 0; partition < starts.length; partition++) {
      for (int i = 0; i < starts[partition]; i++) {
        expected.get((partition + i) % WORKERS).add(rows.get(at++));
      }
    }
    try (ShardedTable packed = ShardedTable.pack(table, ENCODER, WORKERS, LITTLE)) {
      float[][] read = rows(packed.shards());
      for (int worker = 0; worker < WORKERS; worker++) {
        assertArrayEquals(features(expected.get(worker)), read[worker]);
      }
    }
  }

  private static float[] features(List<Row> rows) {
    var features = new float[rows.size() * Tables.WIDTH];
    for (int i = 0; i < rows.size(); i++) {
      byte[] pixels = rows.get(i).getAs(0);
      for (int j = 0; j < pixels.length; j++) {
        features[i * Tables.WIDTH + j] = (pixels[j] & 0xff) * RowEncoder.BYTE_STEP;
      }
    }
    return features;
  }

  @Test
  void sparkCanWriteAShardOutAndReadItBack() throws Exception {
    long before = Shards.openFiles();
    try (ShardedTable memory = ShardedTable.pack(table, ENCODER, WORKERS, ENOUGH)) {
      JavaRDD<Shard> written =
          new ShardPacking(ENCODER, WORKERS, LITTLE).pack(table).persist(StorageLevel.DISK_ONLY());
      float[][] expected = rows(memory.shards());
      assertRows(expected, written);
      assertRows(expected, written);
      written.unpersist(true);
    }
    // Nobody owns the copies that tasks read from Spark's file: they go with the garbage.
    Shards.awaitOpenFiles(before, System::gc);
  }

  @Test
  void aFlippedBitInAFileIsNamedAndTheShardIsPackedAnew() throws Exception {
    try (ShardedTable packed = ShardedTable.pack(table, ENCODER, WORKERS, LITTLE)) {
      float[][] expected = rows(packed.shards());
      Shards.flipBitInOpenFiles();
      var error = assertThrows(SparkException.class, () -> rows(packed.shards()));
      assertTrue(error.getMessage().contains("shard on"), error.getMessage());
      assertTrue(error.getMessage().contains("is damaged"), error.getMessage());
      // Here a task has one attempt, and the others may have been stopped before they looked.
      for (int worker = 1; worker < WORKERS; worker++) {
        try {
          rows(packed.shards());
        } catch (Exception e) {
          assertTrue(e.getMessage().contains("is damaged"), e.getMessage());
        }
      }
      assertRows(expected, packed.shards());
    }
  }

  @Test
  void aFlippedBitInWhatSparkKeptIsNamed() throws Exception {
    Shard shard = Shards.of(Shards.values(50, LAYOUT, 1), LAYOUT, ENOUGH);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(shard);
    }
    byte[] written = bytes.toByteArray();
    assertEquals(50, read(written).rows());
    // The rows are what stands at the end, behind the names of classes.
    written[written.length - 100] ^= 4;
    var error = assertThrows(InvalidObjectException.class, () -> read(written));
    assertTrue(error.getMessage().contains("is damaged"), error.getMessage());
  }

  private static Shard read(byte[] written) throws IOException, ClassNotFoundException {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(written))) {
      return (Shard) in.readObject();
    }
  }

  @Test
  void filesGoWithTheTable() throws Exception {
    long before = Shards.openFiles();
    try (ShardedTable packed = ShardedTable.pack(table, ENCODER, WORKERS, LITTLE)) {
      assertEquals(ROWS, packed.rows());
      assertTrue(Shards.openFiles() >= before + WORKERS);
    }
    Shards.awaitOpenFiles(before, () -> {});
  }

  @Test
  void rejectionsAreCountedOnDiskToo() {
    List<Row> rows = new ArrayList<>(Tables.rows(100, 1));
    rows.add(RowFactory.create((Object) null));
    try (ShardedTable packed = ShardedTable.pack(Tables.table(rows, 3).rows(), ENCODER, 2, 1)) {
      assertEquals(100, packed.rows());
      assertEquals(1, packed.rejected().values().stream().mapToLong(n -> n).sum());
    }
  }

  private static void assertRows(float[][] expected, JavaRDD<Shard> shards) {
    assertArrayEquals(expected, rows(shards));
  }

  /** Each shard's rows in its order. */
  private static float[][] rows(JavaRDD<Shard> shards) {
    return shards
        .map(
            shard -> {
              var values = new float[shard.rows() * Tables.WIDTH];
              shard.read().read(shard.rows(), values);
              return values;
            })
        .collect()
        .toArray(float[][]::new);
  }

  @BeforeEach
  void awaitEarlierTables() throws Exception {
    Shards.awaitEarlierTables();
  }
}
