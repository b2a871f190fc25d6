package io.latentlake.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table on a page. */
final class Grid {
  /**
   * A cell.
   *
   * @param style {@code number} to align it as one, {@code strong} or {@code quiet}; may be empty
   */
  record Cell(String text, String style) {
    static Cell of(String text) {
      return new Cell(text, "");
    }

    static Cell number(String text) {
      return new Cell(text, "number");
    }
  }

  /** A cell that knows its column's head, for screens too narrow for columns. */
  record HeadedCell(String head, String text, String style) {}

  private final List<Cell> heads;
  private final List<List<HeadedCell>> rows = new ArrayList<>();

  private Grid(List<Cell> heads) {
    this.heads = heads;
  }

  /**
   * A table without rows.
   *
   * @param first the first column's head
   * @param others those behind it; one that begins with # is of a column of numbers
   */
  static Grid of(String first, String... others) {
    var heads = new ArrayList<Cell>(List.of(Cell.of(first)));
    for (String head : others) {
      heads.add(head.startsWith("#") ? Cell.number(head.substring(1)) : Cell.of(head));
    }
    return of(heads);
  }

  /** The same, of such heads. */
  static Grid of(List<Cell> heads) {
    return new Grid(List.copyOf(heads));
  }

  /** A table of names and values. */
  static Grid of(Map<String, String> values, String name, String value) {
    Grid grid = of(name, value);
    values.forEach((key, text) -> grid.add(List.of(Cell.of(key), Cell.of(text))));
    return grid;
  }

  /** The same with one row more, of the heads' alignment. */
  Grid row(String... texts) {
    var cells = new ArrayList<Cell>();
    for (int i = 0; i < texts.length; i++) {
      cells.add(new Cell(texts[i], heads.get(i).style()));
    }
    return add(cells);
  }

  Grid add(List<Cell> cells) {
    var headed = new ArrayList<HeadedCell>();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      headed.add(new HeadedCell(heads.get(i).text(), cell.text(), cell.style()));
    }
    rows.add(headed);
    return this;
  }

  List<Cell> heads() {
    return heads;
  }

  List<List<HeadedCell>> rows() {
    return rows;
  }
}
