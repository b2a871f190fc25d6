package io.latentlake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.data.Condition;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.VaeEngine;
import io.latentlake.spec.OuterSpec;
import io.latentlake.spec.PenaltySpec;
import io.latentlake.spec.PriorSpec;
import io.latentlake.spec.ScoreSpec.Precision;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** A model that the first format's version wrote loads, and scores as it did there. */
class FirstFormatTest {
  private static final Path FOLDER =
      Path.of("src", "test", "resources", "io", "latentlake", "model", "format-1");

  /** Rows of two features, and their reconstruction errors as that version wrote them. */
  private static final float[][] ROWS = {
    {1.2882f, 1.4331f}, {0.0663f, -0.0101f}, {-1.0922f, -1.089f}
  };

  private static final double[] ERRORS = {7.606843948364258, 1.8638012409210205, 6.374275207519531};

  @Test
  void loadsWithTheSettingsThatItLacked() {
    TrainedVae model = ModelFolder.read(FOLDER.toString(), new Configuration());

    assertEquals(PriorSpec.Family.STANDARD_NORMAL, model.configuration().model().prior().family());
    assertEquals(PenaltySpec.ELBO, model.configuration().model().penalty());
    assertEquals(OuterSpec.PLAIN, model.configuration().train().outer());
    assertEquals(Condition.NONE, model.features().condition());
    assertTrue(model.requireCalibration().chosen().isEmpty());
    assertEquals(Precision.FLOAT32, model.configuration().score().precision());
    assertNull(model.provenance().content());
    assertTrue(ModelFolder.checksum(model).startsWith(ModelFolder.id(model)));
  }

  @Test
  void scoresAsItDid() {
    TrainedVae model = ModelFolder.read(FOLDER.toString(), new Configuration());
    try (VaeEngine engine = model.engine()) {
      RowScores scores = RowScores.allocate(engine.capacity(), 1);
      for (int row = 0; row < ROWS.length; row++) {
        System.arraycopy(ROWS[row], 0, engine.staging(), 2 * row, 2);
      }
      engine.score(scores);
      for (int row = 0; row < ROWS.length; row++) {
        assertEquals(ERRORS[row], scores.reconstructionError()[row], 1e-4);
      }
    }
  }
}
