package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Packing loses nothing: the floats that come out are the floats that went in. */
class PackedRowsTest {

  @Property(tries = 300)
  void unpacksWhatWasPacked(
      @ForAll @IntRange(min = 1, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll boolean asBytes,
      @ForAll long seed) {
    var layout = new RowLayout(width, asBytes);
    float[][] values = Shards.values(rows, layout, seed);
    PackedRows packed = Shards.pack(values, layout);
    assertEquals((long) rows * layout.bytes(), packed.stored().length);
    for (PackedRows same : List.of(packed, PackedRows.of(packed.stored(), layout))) {
      assertEquals(rows, same.rows());
      for (int row = 0; row < rows; row++) {
        var target = new float[width + 2];
        same.unpack(row, target, 1);
        assertArrayEquals(values[row], Arrays.copyOfRange(target, 1, width + 1));
      }
    }
  }

  @Property(tries = 100)
  void blocksFindEachRow(
      @ForAll @IntRange(min = 1, max = 9) int first,
      @ForAll @IntRange(min = 1, max = 9) int second,
      @ForAll long seed) {
    var layout = new RowLayout(3, false);
    float[][] values = Shards.values(first + second, layout, seed);
    var blocks =
        new RowBlocks(
            List.of(
                Shards.pack(Arrays.copyOf(values, first), layout),
                Shards.pack(Arrays.copyOfRange(values, first, first + second), layout)));
    assertEquals(first + second, blocks.rows());
    for (int row = 0; row < blocks.rows(); row++) {
      var target = new float[3];
      blocks.unpack(row, target, 0);
      assertArrayEquals(values[row], target);
    }
  }
}
