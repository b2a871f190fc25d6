package io.latentlake.score;

import io.latentlake.spec.InvalidInputException;

/** Which half of a square image a command hides, to measure how well it is filled in. */
public enum Hidden {
  TOP,
  BOTTOM,
  LEFT,
  RIGHT;

  /**
   * The hidden pixels.
   *
   * @param width features a row
   * @return {@code [width]}
   * @throws InvalidInputException when so many features make no square image
   */
  public boolean[] pixels(int width) {
    int side = (int) Math.round(Math.sqrt(width));
    if (side * side != width) {
      throw new InvalidInputException(
          "--mask %s: %d features are not a square image; mark what is missing with NaN, null or"
                  .formatted(name().toLowerCase(java.util.Locale.ROOT), width)
              + " --mask-column");
    }
    var hidden = new boolean[width];
    for (int i = 0; i < width; i++) {
      int row = i / side;
      int column = i % side;
      hidden[i] =
          switch (this) {
            case TOP -> row < side / 2;
            case BOTTOM -> row >= side - side / 2;
            case LEFT -> column < side / 2;
            case RIGHT -> column >= side - side / 2;
          };
    }
    return hidden;
  }
}
