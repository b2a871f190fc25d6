package io.latentlake.notebook;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/**
 * The first rows of a table, as text.
 *
 * @param columns their names
 * @param rows of each row the values, beside one another
 * @param more whether the table has more rows
 */
record TableText(List<String> columns, List<List<String>> rows, boolean more) {
  private static final int ROWS = 20;
  private static final int WIDTH = 60;
  private static final int ELEMENTS = 4;

  static TableText of(Dataset<?> table) {
    List<Row> first = table.toDF().takeAsList(ROWS + 1);
    return new TableText(
        Arrays.asList(table.columns()),
        first.stream().limit(ROWS).map(TableText::texts).toList(),
        first.size() > ROWS);
  }

  private static List<String> texts(Row row) {
    return IntStream.range(0, row.size()).mapToObj(i -> shortened(text(row.get(i)))).toList();
  }

  private static String text(Object value) {
    if (value == null) {
      return "";
    } else if (value instanceof Double || value instanceof Float) {
      return number(((Number) value).doubleValue());
    } else if (value instanceof byte[] bytes) {
      return "%,d bytes".formatted(bytes.length);
    } else if (value instanceof org.apache.spark.ml.linalg.Vector vector) {
      return list(Arrays.stream(vector.toArray()).boxed().toList());
    } else if (value instanceof scala.collection.Seq<?> sequence) {
      return list(JavaConverters.seqAsJavaList(sequence));
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      return JavaConverters.mapAsJavaMap(map).entrySet().stream()
          .map((Map.Entry<?, ?> entry) -> text(entry.getKey()) + ": " + text(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    } else if (value instanceof Row row) {
      return String.join(" ", texts(row));
    }
    return value.toString();
  }

  /** Four digits are enough to look at. */
  private static String number(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e6) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, size >= 1e-3 && size < 1e6 ? "%.4f" : "%.3e", value);
  }

  private static String list(List<?> values) {
    String shown =
        values.stream().limit(ELEMENTS).map(TableText::text).collect(Collectors.joining(", "));
    return values.size() > ELEMENTS ? shown + ", … (" + values.size() + ")" : shown;
  }

  private static String shortened(String text) {
    return text.length() > WIDTH ? text.substring(0, WIDTH - 1) + "…" : text;
  }

  /** An HTML table. */
  String html() {
    String body =
        rows.stream().map(row -> line("td", row)).collect(Collectors.joining("\n", "", "\n"));
    return "<table>\n<thead>"
        + line("th", columns)
        + "</thead>\n<tbody>\n"
        + body
        + "</tbody>\n</table>"
        + (more ? "\n<p>the first " + ROWS + " rows</p>" : "");
  }

  private static String line(String tag, List<String> cells) {
    return cells.stream()
        .map(cell -> "<" + tag + ">" + escaped(cell) + "</" + tag + ">")
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Lines of values with tabs between them, for where there is no HTML. */
  String plain() {
    return java.util.stream.Stream.concat(java.util.stream.Stream.of(columns), rows.stream())
        .map(row -> String.join("\t", row))
        .collect(Collectors.joining("\n"));
  }
}
