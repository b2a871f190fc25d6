package io.latentlake.notebook;

import io.latentlake.cli.Main;
import io.latentlake.cli.Session;
import io.latentlake.data.Addresses;
import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.data.TableReader;
import io.latentlake.report.ShellWords;
import io.latentlake.spec.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** What every cell can call: its static methods are imported. */
public final class Notebook {
  private Notebook() {}

  /**
   * The notebook's Spark session, with the settings of LatentLake's commands; started on first use.
   */
  public static SparkSession spark() {
    SparkSession spark =
        CellExecution.sparkSession().orElseGet(() -> Session.open("notebook", false).spark());
    // Each statement runs on a thread of its own, and commands look at the thread's.
    SparkSession.setActiveSession(spark);
    return spark;
  }

  /**
   * A Parquet table, or a bundled set, such as {@code mnist:train}, as the commands' {@code
   * --input} takes it.
   *
   * @throws InvalidInputException when there is none
   */
  public static Dataset<Row> table(String input) {
    return TableReader.read(spark(), input, Format.PARQUET);
  }

  /**
   * Runs a command of LatentLake in the notebook's Spark session.
   *
   * @param line what stands behind {@code submit/latentlake} in a shell; quotes of both kinds hold
   *     words together
   * @throws InvalidInputException when a quote is never closed
   * @throws IllegalStateException when its exit code isn't 0
   */
  public static void latentlake(String line) {
    int code = exitCode(line);
    if (code != 0) {
      throw new IllegalStateException(
          "latentlake %s: ended with exit code %d; it says above why"
              .formatted(Addresses.withoutSecrets(line.strip()), code));
    }
  }

  /** Runs a command as {@link #latentlake} does, and gives its exit code, whatever it is. */
  public static int exitCode(String line) {
    spark();
    return Main.run(ShellWords.split(line).toArray(String[]::new));
  }

  /**
   * A picture that a command has drawn.
   *
   * @param file on any file system that Hadoop knows
   * @throws InvalidInputException when it can't be read
   */
  public static BufferedImage picture(String file) {
    var path = new Path(file);
    try (var in = FileSystems.of(path, spark().sessionState().newHadoopConf()).open(path)) {
      BufferedImage picture = ImageIO.read(in);
      if (picture == null) {
        throw new InvalidInputException(
            "%s: no picture, or of a format that can't be read; name a PNG or JPEG file"
                .formatted(file));
      }
      return picture;
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: no picture that can be read (%s); draw it first, by --out"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** HTML, shown as such. */
  public static Html html(String text) {
    return new Html(text);
  }

  /** Shows a value now: what a cell's last expression is anyhow. */
  public static void display(Object value) {
    BaseKernel kernel = BaseKernel.notebookKernel();
    kernel.display(kernel.getRenderer().render(value));
  }

  /**
   * HTML.
   *
   * @param text its source
   */
  public record Html(String text) {}
}
