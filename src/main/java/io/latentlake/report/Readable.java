package io.latentlake.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Readable {
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  /** Below it a number has too many zeros in front, and gets a power of ten. */
  private static final double SMALLEST = 1e-3;

  private static final double LARGEST = 1e7;

  /** Characters. */
  private static final int LONGEST = 40;

  private Readable() {}

  /** A table's value: of a long one, the beginning. */
  static String cut(String value) {
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
  }

  /** With a comma at every thousand. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** To about four digits, without zeros at the end. */
  static String number(double value) {
    String text = aligned(value);
    boolean fraction = text.contains(".") && !text.contains("e");
    return fraction ? text.replaceAll("[.]?0+$", "") : text;
  }

  /** To about four digits, with zeros at the end, for numbers below each other. */
  static String aligned(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    if (value == Math.rint(value) && size < LARGEST) {
      return count((long) value);
    }
    if (size < SMALLEST || size >= LARGEST) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Nats: two decimals. */
  static String nats(double value) {
    return String.format(Locale.ROOT, "%,.2f", value);
  }

  /** A share as a percentage of about two digits. */
  static String share(double share) {
    double percent = 100 * share;
    if (percent == 0 || percent >= 10) {
      return String.format(Locale.ROOT, "%.0f %%", percent);
    }
    if (percent < 0.01) {
      return String.format(Locale.ROOT, "%.1e %%", percent);
    }
    return String.format(Locale.ROOT, percent < 1 ? "%.2f %%" : "%.1f %%", percent);
  }

  /** A duration. */
  static String seconds(double seconds) {
    if (seconds < MINUTE) {
      return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < HOUR
        ? "%d min %d s".formatted(whole / MINUTE, whole % MINUTE)
        : "%d h %d min".formatted(whole / HOUR, whole % HOUR / MINUTE);
  }
}
