package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Parts of a date or a timestamp, in UTC: the hour of the day and the day of the week each as a
 * point on a circle, (sin, cos), and the day itself as a scaled number.
 *
 * @param name the column
 * @param parts which, in this order
 * @param center the day that is 0, counted from 1970-01-01
 * @param scale days that 1 is worth
 * @param missing share of the training rows that have none
 */
@JsonIgnoreProperties(value = "kind", allowGetters = true)
public record TimeParts(String name, List<Part> parts, double center, double scale, double missing)
    implements ColumnPlan {
  static final String KIND = "time";
  static final double MICROS_A_DAY = 86_400e6;
  private static final float LARGEST = 1e4f;
  private static final int DAYS_A_WEEK = 7;

  /** What there may be. */
  public enum Part {
    /** Time of day. */
    @JsonProperty("hour")
    HOUR(2),
    /** Day of the week. */
    @JsonProperty("weekday")
    WEEKDAY(2),
    /** The day itself. */
    @JsonProperty("day")
    DAY(1);

    private final int width;

    Part(int width) {
      this.width = width;
    }
  }

  public TimeParts {
    if (name == null || name.isEmpty() || parts == null || parts.isEmpty()) {
      throw new InvalidInputException("a time needs a name and parts");
    }
    parts = List.copyOf(parts);
    if (new HashSet<>(parts).size() < parts.size()) {
      throw new InvalidInputException("column %s: a part comes twice in %s".formatted(name, parts));
    }
    if (!(scale > 0) || Double.isInfinite(scale) || !Double.isFinite(center)) {
      throw new InvalidInputException(
          "column %s: center %s, scale %s: must be finite, and the scale above 0"
              .formatted(name, center, scale));
    }
  }

  @Override
  @JsonProperty("kind")
  public String label() {
    return KIND;
  }

  @Override
  public int width() {
    return parts.stream().mapToInt(part -> part.width).sum();
  }

  @Override
  public Family family() {
    return Family.GAUSSIAN_FEATURE_VARIANCE;
  }

  @Override
  public TimeParts renamed(String other) {
    return new TimeParts(other, parts, center, scale, missing);
  }

  @Override
  public boolean reads(DataType type) {
    return type instanceof TimestampType
        || type instanceof TimestampNTZType
        || (type instanceof DateType && !parts.contains(Part.HOUR));
  }

  @Override
  public String wanted() {
    return parts.contains(Part.HOUR) ? "a timestamp" : "a date or a timestamp";
  }

  /** Days since 1970-01-01, with their fraction. */
  static double days(InternalRow row, int ordinal, DataType type) {
    return type instanceof DateType ? row.getInt(ordinal) : row.getLong(ordinal) / MICROS_A_DAY;
  }

  @Override
  public ColumnReader reader(DataType type) {
    return (row, ordinal, target, at) -> {
      encode(days(row, ordinal, type), target, at);
      return Optional.empty();
    };
  }

  private void encode(double days, float[] target, int from) {
    double day = Math.floor(days);
    int at = from;
    for (Part part : parts) {
      switch (part) {
        case HOUR -> putCircle(days - day, target, at);
        case WEEKDAY -> putCircle(mondays(day) / DAYS_A_WEEK, target, at);
        case DAY ->
            target[at] = (float) Math.max(-LARGEST, Math.min(LARGEST, (day - center) / scale));
      }
      at += part.width;
    }
  }

  /** Days since Monday; 1970-01-01 was a Thursday. */
  private static double mondays(double day) {
    double since = (day + 3) % DAYS_A_WEEK;
    return since < 0 ? since + DAYS_A_WEEK : since;
  }

  private static void putCircle(double turn, float[] target, int at) {
    target[at] = (float) Math.sin(2 * Math.PI * turn);
    target[at + 1] = (float) Math.cos(2 * Math.PI * turn);
  }

  private static double turn(float[] features, int at) {
    double turn = Math.atan2(features[at], features[at + 1]) / (2 * Math.PI);
    return turn < 0 ? turn + 1 : turn;
  }

  @Override
  public DataType type() {
    return parts.contains(Part.HOUR) ? DataTypes.TimestampType : DataTypes.DateType;
  }

  /** None without the day. */
  @Override
  public Optional<String> value(float[] features, int at) {
    String zone = parts.contains(Part.HOUR) ? "Z" : "";
    return Float.isNaN(features[at]) || !parts.contains(Part.DAY)
        ? Optional.empty()
        : Optional.of(text(features, at) + zone);
  }

  /** The day, or else the day of the week, and the time of the day behind it. */
  @Override
  public String text(float[] features, int from) {
    if (Float.isNaN(features[from])) {
      return "missing";
    }
    String time = "";
    String weekday = "";
    String day = "";
    int at = from;
    for (Part part : parts) {
      switch (part) {
        case HOUR -> time = time(turn(features, at));
        case WEEKDAY -> weekday = weekday(turn(features, at));
        case DAY -> day = day(features[at] * scale + center);
      }
      at += part.width;
    }
    return ((day.isEmpty() ? weekday : day) + " " + time).strip();
  }

  private static String time(double turn) {
    long second = Math.round(turn * 86_400) % 86_400;
    return LocalTime.ofSecondOfDay(second).format(DateTimeFormatter.ISO_LOCAL_TIME);
  }

  private static String weekday(double turn) {
    int since = (int) (Math.round(turn * DAYS_A_WEEK) % DAYS_A_WEEK);
    return DayOfWeek.of(since + 1).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static String day(double value) {
    long first = LocalDate.MIN.toEpochDay();
    long last = LocalDate.MAX.toEpochDay();
    return LocalDate.ofEpochDay(Math.max(first, Math.min(last, Math.round(value)))).toString();
  }

  @Override
  public String becomes() {
    String named =
        parts.stream()
            .map(part -> part.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return parts.contains(Part.DAY)
        ? "%s (UTC); 0 is %s, 1 is worth %s days"
            .formatted(named, day(center), Significant.text(scale))
        : named + " (UTC)";
  }
}
