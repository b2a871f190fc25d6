package io.latentlake.notebook;

/**
 * Where a snippet stands.
 *
 * @param cell the cell's number, as Jupyter counts the cells that are run
 * @param source the whole cell
 * @param start the snippet's first character in it
 */
record CellPlace(int cell, String source, int start) {
  /** Names the line of a character of the snippet. */
  String at(int character) {
    return named(lineOf(start + character));
  }

  /** A line of the snippet, counted from 1. */
  Line line(int number) {
    int line = lineOf(start) + number - 1;
    return new Line(named(line), text(line).strip());
  }

  private String named(int line) {
    return "cell %d, line %d".formatted(cell, line);
  }

  /** The line of a character of the snippet, and a mark below that character. */
  String marked(int character) {
    int at = Math.min(start + character, source.length());
    int begin = source.lastIndexOf('\n', at - 1) + 1;
    return text(lineOf(at)) + "\n" + " ".repeat(at - begin) + "^";
  }

  private int lineOf(int character) {
    return 1
        + (int)
            source
                .substring(0, Math.min(character, source.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
  }

  private String text(int line) {
    return source.lines().skip(line - 1L).findFirst().orElse("");
  }

  /**
   * A line of a cell.
   *
   * @param name its cell and number
   * @param code what it says
   */
  record Line(String name, String code) {}
}
