package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Rounded latents are at most half a step off, and take as many bytes as their bits need. */
class LatentQuantizerTest {
  private static final float[] LOW = {-4, -1, 0.5f, -0.01f, 2};
  private static final float[] HIGH = {4, 3, 0.75f, 0.02f, 2};

  @Property
  void errorIsAtMostHalfAStep(
      @ForAll @Size(5) List<@FloatRange(min = 0, max = 1) Float> share,
      @ForAll @IntRange(min = 1, max = 16) int bits) {
    var quantizer = new LatentQuantizer(bits, LOW, HIGH);
    var z = new float[5];
    for (int i = 0; i < z.length; i++) {
      z[i] = LOW[i] + share.get(i) * (HIGH[i] - LOW[i]);
    }
    byte[] packed = quantizer.pack(z);
    assertEquals((5 * bits + 7) / 8, packed.length);
    float[] back = quantizer.unpack(packed);
    for (int i = 0; i < z.length; i++) {
      assertEquals(z[i], back[i], quantizer.step(i) / 2 + 1e-6, "dimension " + i);
    }
    // What is rounded already stays.
    assertArrayEquals(packed, quantizer.pack(back));
  }

  @Test
  void endsAreKeptAndWhatIsBeyondBecomesTheNearest() {
    for (int bits : new int[] {1, 3, 8, 16}) {
      var quantizer = new LatentQuantizer(bits, LOW, HIGH);
      assertArrayEquals(LOW, quantizer.unpack(quantizer.pack(LOW)), 1e-6f);
      assertArrayEquals(HIGH, quantizer.unpack(quantizer.pack(HIGH)), 1e-6f);
      float[] beyond = {9, -9, 9, -9, 3};
      float[] nearest = {4, -1, 0.75f, -0.01f, 2};
      assertArrayEquals(nearest, quantizer.unpack(quantizer.pack(beyond)), 1e-6f);
    }
  }

  @Test
  void bitsOutOfRange() {
    for (int bits : new int[] {0, -1, 17}) {
      var refusal =
          assertThrows(InvalidInputException.class, () -> new LatentQuantizer(bits, LOW, HIGH));
      assertTrue(refusal.getMessage().contains("--bits " + bits), refusal.getMessage());
    }
  }
}
