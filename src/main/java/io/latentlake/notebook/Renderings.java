package io.latentlake.notebook;

import io.latentlake.notebook.Notebook.Html;
import io.latentlake.report.Pictures;
import java.awt.image.BufferedImage;
import java.util.Base64;
import org.apache.spark.sql.Dataset;
import org.dflib.jjava.jupyter.kernel.display.Renderer;

/** How values are shown: tables as HTML, pictures as PNG, all else as its text. */
final class Renderings {
  private Renderings() {}

  static Renderer renderer() {
    var renderer = new Renderer();
    renderer
        .createRegistration(BufferedImage.class)
        .preferring("image/png")
        .register(
            (picture, context) -> {
              var shown = context.getOutputContainer();
              byte[] png = Pictures.png(picture);
              shown.putData("image/png", Base64.getEncoder().encodeToString(png));
              shown.putText("picture, %d × %d".formatted(picture.getWidth(), picture.getHeight()));
            });
    renderer
        .createRegistration(Dataset.class)
        .preferring("text/html")
        .register(
            (table, context) -> {
              var rows = TableText.of(table);
              context.getOutputContainer().putHTML(rows.html());
              context.getOutputContainer().putText(rows.plain());
            });
    renderer
        .createRegistration(Html.class)
        .preferring("text/html")
        .register((html, context) -> context.getOutputContainer().putHTML(html.text()));
    return renderer;
  }
}
