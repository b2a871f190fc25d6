package io.latentlake.report;

import io.latentlake.report.Grid.Cell;
import io.latentlake.score.ScoreColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows with the highest scores, and why they have them. */
final class TopRows {
  /** Of the table's own columns. */
  private static final int MOST_COLUMNS = 6;

  private static final int MOST_REASONS = 3;

  private TopRows() {}

  /**
   * The section.
   *
   * @param rows of a scored table, all of one schema; not empty
   */
  static Section section(List<Row> rows) {
    StructType schema = rows.get(0).schema();
    List<String> kept = kept(schema);
    boolean explained = areExplained(rows);
    var heads = new ArrayList<>(List.of(new Cell("", "place")));
    kept.forEach(name -> heads.add(Cell.of(name)));
    heads.add(Cell.number("raw score"));
    if (explained) {
      heads.add(Cell.of("because of"));
    }
    Grid grid = Grid.of(heads);
    for (int i = 0; i < rows.size(); i++) {
      grid.add(cells(i + 1, rows.get(i), kept, explained));
    }
    return new Section("top", "Top anomalies")
        .say(
            explained
                ? "The rows with the highest raw scores, and the columns that most of each score comes from: the share, what was seen, and what the model expected."
                : "The rows with the highest raw scores. Score with --reasons to see which columns they come from, with --keep for columns to know them by.")
        .show(grid);
  }

  private static List<Cell> cells(int place, Row row, List<String> kept, boolean explained) {
    var cells = new ArrayList<>(List.of(new Cell(String.valueOf(place), "place")));
    kept.forEach(name -> cells.add(Cell.of(text(row.getAs(name)))));
    boolean flagged = Boolean.parseBoolean(text(row.getAs(ScoreColumns.IS_ANOMALY)));
    double score = Double.parseDouble(text(row.getAs(ScoreColumns.RAW_SCORE)));
    cells.add(new Cell(Readable.aligned(score), flagged ? "number alarm" : "number"));
    if (explained) {
      int at = row.fieldIndex(ScoreColumns.REASONS);
      // A JSON table may lack the key of a row that has none.
      List<Row> reasons = row.isNullAt(at) ? List.of() : row.getList(at);
      cells.add(
          new Cell(
              reasons.stream()
                  .limit(MOST_REASONS)
                  .map(TopRows::reason)
                  .collect(Collectors.joining("\n")),
              "lines"));
    }
    return cells;
  }

  private static String reason(Row reason) {
    double share = reason.getAs("share");
    return "%s %s: %s, expected %s"
        .formatted(
            text(reason.getAs("feature")),
            Readable.share(share),
            text(reason.getAs("seen")),
            text(reason.getAs("expected")));
  }

  /** Whether such rows tell what their scores come from. */
  static boolean areExplained(List<Row> rows) {
    return isExplained(rows.get(0).schema());
  }

  /** Reasons that can be told apart: CSV makes one text of them. */
  private static boolean isExplained(StructType schema) {
    return Arrays.stream(schema.fields())
        .anyMatch(
            field ->
                field.name().equals(ScoreColumns.REASONS) && field.dataType() instanceof ArrayType);
  }

  private static List<String> kept(StructType schema) {
    return Arrays.stream(schema.fields())
        .filter(field -> !ScoreColumns.isAdded(field.name()) && isShort(field))
        .map(StructField::name)
        .limit(MOST_COLUMNS)
        .toList();
  }

  private static boolean isShort(StructField field) {
    return field.dataType() instanceof AtomicType && !(field.dataType() instanceof BinaryType);
  }

  private static String text(Object value) {
    return Readable.cut(String.valueOf(value));
  }
}
