package io.latentlake.cluster;

/**
 * One thing that was looked at.
 *
 * @param level how bad it is
 * @param place where: {@code driver}, {@code executor 3 on HOST}, or a path
 * @param text what was found, and where something is wrong, what to do
 */
public record Finding(Level level, String place, String text) {
  /** How bad a finding is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** A run gets through, but slower or nearer to a limit than it need be. */
    WARNING,
    /** A run would fail, or its results be wrong. */
    PROBLEM
  }

  static Finding ok(String place, String text, Object... values) {
    return new Finding(Level.OK, place, text.formatted(values));
  }

  static Finding warning(String place, String text, Object... values) {
    return new Finding(Level.WARNING, place, text.formatted(values));
  }

  static Finding problem(String place, String text, Object... values) {
    return new Finding(Level.PROBLEM, place, text.formatted(values));
  }
}
