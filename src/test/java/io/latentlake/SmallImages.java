package io.latentlake;

import io.latentlake.data.Format;
import io.latentlake.data.TableReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The first images of MNIST's test part. */
public final class SmallImages {
  /** A VAE that trains in a second on them, in HOCON. */
  public static final String CONFIGURATION =
      """
      model {
        encoder = [32]
        latent = 4
        decoder = [32]
      }
      train {
        epochs = 1
        batch-size = 8
        updater.learning-rate = 0.01
      }
      """;

  private SmallImages() {}

  /** So many rows, as {@code mnist:test} has them. */
  public static Dataset<Row> table(int rows) {
    return TableReader.read(SharedSpark.session(), "mnist:test", Format.PARQUET)
        .where("index < " + rows);
  }

  /** Writes so many images as an IDX file. */
  public static String idx(int rows, Path file) throws IOException {
    List<Row> images = table(rows).orderBy("index").select("image").collectAsList();
    try (var out = new DataOutputStream(Files.newOutputStream(file))) {
      for (int number : new int[] {0x00000803, rows, 28, 28}) {
        out.writeInt(number);
      }
      for (Row image : images) {
        out.write(image.<byte[]>getAs(0));
      }
    }
    return file.toString();
  }
}
