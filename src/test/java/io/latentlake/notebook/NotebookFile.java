package io.latentlake.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A notebook's cells and what they gave, as its file has them. */
record NotebookFile(Path path, JsonNode json) {
  private static final int SMALLEST_SIDE = 50;

  static NotebookFile read(Path path) throws IOException {
    return new NotebookFile(path, new ObjectMapper().readTree(path.toFile()));
  }

  /** The project's own, in their order. */
  static List<Path> committed() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("notebooks"))) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
    }
  }

  /** The cells of code. */
  List<JsonNode> code() {
    return cells(json).filter(cell -> cell.path("cell_type").asText().equals("code")).toList();
  }

  private static Stream<JsonNode> cells(JsonNode notebook) {
    return IntStream.range(0, notebook.path("cells").size()).mapToObj(notebook.path("cells")::get);
  }

  /** The pictures that a cell of code shows. */
  List<BufferedImage> pictures(int cell) throws IOException {
    var pictures = new ArrayList<BufferedImage>();
    for (JsonNode output : code().get(cell).path("outputs")) {
      JsonNode png = output.at("/data/image~1png");
      if (!png.isMissingNode()) {
        byte[] bytes = Base64.getMimeDecoder().decode(png.asText());
        pictures.add(ImageIO.read(new ByteArrayInputStream(bytes)));
      }
    }
    return pictures;
  }

  /** The cells, counted from 1, that show fewer pictures than another's do, or empty ones. */
  List<Integer> cellsWithoutPicture(NotebookFile other) throws IOException {
    var cells = new ArrayList<Integer>();
    for (int cell = 0; cell < other.code().size(); cell++) {
      long drawn = pictures(cell).stream().filter(NotebookFile::isDrawn).count();
      if (drawn < other.pictures(cell).size()) {
        cells.add(cell + 1);
      }
    }
    return cells;
  }

  private static boolean isDrawn(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    return width >= SMALLEST_SIDE
        && height >= SMALLEST_SIDE
        && IntStream.of(picture.getRGB(0, 0, width, height, null, 0, width)).distinct().count() > 1;
  }
}
