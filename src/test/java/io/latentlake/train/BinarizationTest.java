package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.latentlake.SharedSpark;
import io.latentlake.data.Binarization;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer.NamedTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Dynamic binarization: each epoch draws anew, and validation never does. */
class BinarizationTest {
  private static final int EPOCHS = 3;

  @Test
  void onesComeAsOftenAsTheValueSays() {
    var values = new float[30_000];
    Arrays.fill(values, 0, 10_000, 0.2f);
    Arrays.fill(values, 10_000, 20_000, 1);

    Binarization.draw(values, 0, 20_000, 7);

    double ones = 0;
    for (int i = 0; i < 10_000; i++) {
      ones += values[i];
    }
    // The share's deviation is 0.004.
    assertEquals(0.2, ones / 10_000, 0.02);
    for (int i = 10_000; i < values.length; i++) {
      assertEquals(i < 20_000 ? 1 : 0, values[i]);
    }
  }

  /** An autoencoder draws no z, and at this rate it stays as it is: only the rows can differ. */
  @Test
  void everyEpochTrainsOnAnotherDrawAndIsValidatedOnTheSame() {
    String still = "variant = autoencoder";
    List<EpochRecord> drawn = train(still, true, 1e-12, grey()).history().epochs();
    List<EpochRecord> plain = train(still, false, 1e-12, grey()).history().epochs();
    for (int epoch = 1; epoch < EPOCHS; epoch++) {
      assertEquals(plain.get(0).train().loss(), plain.get(epoch).train().loss(), 1e-5);
      assertNotEquals(drawn.get(0).train().loss(), drawn.get(epoch).train().loss(), 1e-4);
      assertEquals(drawn.get(0).validation().loss(), drawn.get(epoch).validation().loss(), 1e-5);
    }
    assertNotEquals(
        plain.get(0).validation().loss(), drawn.get(0).validation().loss(), 1e-4, "nothing drawn");
  }

  @Test
  void theSeedDecidesTheDraws() {
    assertArrayEquals(
        parameters(train("", true, 0.01, grey()).model()),
        parameters(train("", true, 0.01, grey()).model()));
  }

  @Test
  void rowsThatAreBinaryStayAsTheyAre() {
    List<Row> binary = Tables.rows(100, 1).stream().map(BinarizationTest::blackOrWhite).toList();
    assertArrayEquals(
        parameters(train("", false, 0.01, Tables.table(binary, 2)).model()),
        parameters(train("", true, 0.01, Tables.table(binary, 2)).model()));
  }

  private static NamedTable grey() {
    return Tables.table(Tables.rows(100, 1), 2);
  }

  private static Row blackOrWhite(Row grey) {
    byte[] pixels = grey.<byte[]>getAs(0).clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (pixels[i] < 0 ? 255 : 0);
    }
    return RowFactory.create((Object) pixels);
  }

  private static Trainer.Result train(
      String model, boolean binarization, double rate, NamedTable table) {
    Configuration configuration =
        Configuration.parse(
            "model { encoder = [8], latent = 2, decoder = [8], " + model + " }",
            "test",
            Map.of(
                "train.epochs",
                EPOCHS,
                "train.workers",
                2,
                "train.batch-size",
                16,
                "train.averaging-frequency",
                2,
                "train.scaling",
                false,
                "train.dynamic-binarization",
                binarization,
                "train.updater.learning-rate",
                rate));
    var trainer = new Trainer(SharedSpark.session(), new TrainingProgress() {});
    return trainer.train(configuration, Tables.PLAN, table, Optional.of(table));
  }

  private static float[] parameters(TrainedVae model) {
    try (VaeNetwork network = model.network()) {
      return network.parameters();
    }
  }
}
