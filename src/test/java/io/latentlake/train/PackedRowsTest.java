package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.data.RowEncoder;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Packing loses nothing: the floats that come out are the floats that went in. */
class PackedRowsTest {

  @Property(tries = 300)
  void unpacksWhatWasPacked(
      @ForAll @IntRange(min = 1, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll boolean bytes,
      @ForAll long seed) {
    float[][] values = values(rows, width, bytes, seed);
    PackedRows packed = pack(values, width, bytes);
    assertEquals(rows, packed.rows());
    for (int row = 0; row < rows; row++) {
      var target = new float[width + 2];
      packed.unpack(row, target, 1);
      assertArrayEquals(values[row], java.util.Arrays.copyOfRange(target, 1, width + 1));
    }
  }

  @Property(tries = 100)
  void aShardFindsEachRowInItsBlock(
      @ForAll @IntRange(min = 1, max = 9) int first,
      @ForAll @IntRange(min = 1, max = 9) int second,
      @ForAll long seed) {
    float[][] values = values(first + second, 3, false, seed);
    var shard =
        new Shard(
            List.of(
                pack(java.util.Arrays.copyOf(values, first), 3, false),
                pack(java.util.Arrays.copyOfRange(values, first, first + second), 3, false)),
            new EnumMap<>(io.latentlake.data.RejectReason.class));
    assertEquals(first + second, shard.rows());
    for (int row = 0; row < shard.rows(); row++) {
      var target = new float[3];
      shard.unpack(row, target, 0);
      assertArrayEquals(values[row], target);
    }
  }

  private static PackedRows pack(float[][] values, int width, boolean bytes) {
    var builder = new PackedRows.Builder(values.length, width, bytes);
    for (float[] row : values) {
      builder.add(row);
    }
    return builder.build();
  }

  private static float[][] values(int rows, int width, boolean bytes, long seed) {
    var random = new Random(seed);
    var values = new float[rows][width];
    for (float[] row : values) {
      for (int i = 0; i < width; i++) {
        row[i] =
            bytes
                ? random.nextInt(256) * RowEncoder.BYTE_STEP
                : (float) random.nextGaussian() * 1e3f;
      }
    }
    return values;
  }
}
