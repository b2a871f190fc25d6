package io.latentlake.bench;

import io.latentlake.spec.ScoreSpec.Precision;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@link ModelScoring} in bfloat16, where the processor multiplies that. */
@State(Scope.Thread)
public class RoundedScoring extends ModelScoring {
  @Override
  Precision precision() {
    return Precision.BFLOAT16;
  }
}
