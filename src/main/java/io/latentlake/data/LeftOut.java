package io.latentlake.data;

/**
 * A column that no feature is made of.
 *
 * @param column its name
 * @param why in plain words
 */
public record LeftOut(String column, String why) {
  @Override
  public String toString() {
    return column + " " + why;
  }
}
