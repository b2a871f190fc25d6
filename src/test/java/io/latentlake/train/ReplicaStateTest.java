package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.spec.OuterSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What travels between driver and workers, and what becomes of it there. */
class ReplicaStateTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16383, 16384, 16385, 100_000})
  void travelsToTheBit(int size) throws IOException, ClassNotFoundException {
    var random = new SplittableRandom(size);
    var parameters = new float[size];
    for (int i = 0; i < size; i++) {
      parameters[i] = Float.intBitsToFloat(random.nextInt() & 0x7f7fffff);
    }
    var state = new ReplicaState(parameters, new float[] {Float.NaN, -0f}, 17);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(state);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      var copy = (ReplicaState) in.readObject();
      assertArrayEquals(parameters, copy.parameters());
      assertArrayEquals(state.updaterState(), copy.updaterState());
      assertEquals(17, copy.iteration());
      assertEquals(4L * (size + 2), copy.bytes());
    }
  }

  @Test
  void thePlainOuterStepTakesTheAverage() {
    float[] average = {3, -1};
    new OuterStep(OuterSpec.PLAIN).apply(new float[] {1, 1}, average, new float[0]);
    assertArrayEquals(new float[] {3, -1}, average);
  }

  /** By hand: v₁ = 2, θ₁ = ½(2 + ½·2) = 1.5; then Δ = 1, v₂ = ½·2 + 1 = 2, θ₂ = 1.5 + ½(1 + 1). */
  @Test
  void nesterovMomentumGoesOn() {
    var outer = new OuterStep(new OuterSpec(0.5, 0.5));
    float[] first = {2};
    float[] velocity = outer.apply(new float[] {0}, first, new float[0]);
    assertEquals(1.5f, first[0]);
    float[] second = {2.5f};
    outer.apply(first, second, velocity);
    assertEquals(2.5f, second[0]);
  }
}
