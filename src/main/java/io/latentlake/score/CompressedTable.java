package io.latentlake.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.Provenance;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What lies beside a compressed table's rows.
 *
 * @param format version of the layout
 * @param model where the model comes from, without which nothing can be decompressed
 * @param weights the SHA-256 of its weights: two models may come from the same table within a
 *     second
 * @param quantizer what the codes stand for
 * @param costs what was saved, and what it cost
 */
public record CompressedTable(
    int format, Provenance model, String weights, LatentQuantizer quantizer, Costs costs) {
  /** Where it is; Spark passes it over when it reads the folder. */
  static final String FILE = "_compression.json";

  /** The layout that this version writes. */
  static final int FORMAT = 1;

  /**
   * Rate and distortion.
   *
   * @param bitsPerRow of the codes
   * @param originalBitsPerRow of the features, as they are stored without compression
   * @param squaredErrorOfLatents mean squared error of a feature at z = μ(x), where nothing is
   *     rounded
   * @param squaredError the same of what decompressing gives
   * @param extraNats how much more −log p(x | z) a row is than at z = μ(x), by rounding z
   */
  public record Costs(
      int bitsPerRow,
      int originalBitsPerRow,
      double squaredErrorOfLatents,
      double squaredError,
      double extraNats) {}

  /**
   * Reads the document of a compressed table.
   *
   * @throws InvalidInputException when the folder is none
   */
  public static CompressedTable read(String folder, Configuration hadoop) {
    try {
      var file = new Path(folder, FILE);
      var files = FileSystems.of(file, hadoop);
      if (!files.exists(file)) {
        throw new InvalidInputException(
            "%s: no compressed table here (no %s); make one with 'compress'"
                .formatted(folder, FILE));
      }
      try (var in = files.open(file)) {
        return Json.METRICS.readValue(in.readAllBytes(), CompressedTable.class);
      }
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "%s/%s: damaged: %s".formatted(folder, FILE, e.getOriginalMessage()), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("%s: can't be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /**
   * Checks that a model is the one that compressed this.
   *
   * @param folder the table, for the error
   * @throws InvalidInputException when it is another
   */
  public void requireModel(TrainedVae other, String folder) {
    if (!ModelFolder.checksum(other).equals(weights)) {
      throw new InvalidInputException(
          "%s: was compressed with the model of %s, trained on %s, but --model is of %s, trained on %s;"
                  .formatted(
                      folder,
                      model.created(),
                      model.input(),
                      other.provenance().created(),
                      other.provenance().input())
              + " give the same one");
    }
  }
}
