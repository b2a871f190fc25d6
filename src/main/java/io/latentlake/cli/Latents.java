package io.latentlake.cli;

import io.latentlake.spec.InvalidInputException;

/** Latents as the command line has them: numbers with commas between. */
final class Latents {
  private Latents() {}

  /**
   * Reads one.
   *
   * @param dimensions how many numbers it must have
   * @throws InvalidInputException when it hasn't, or something is no finite number
   */
  static float[] parse(String text, int dimensions) {
    String[] numbers = text.strip().split("\\s*,\\s*", -1);
    if (numbers.length != dimensions) {
      throw new InvalidInputException(
          "--latent %s: has %d numbers, but the model's latents have %d; give as many"
              .formatted(text.strip(), numbers.length, dimensions));
    }
    var latent = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      latent[i] = number(numbers[i], text.strip());
    }
    return latent;
  }

  private static float number(String text, String latent) {
    try {
      float number = Float.parseFloat(text);
      if (Float.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new InvalidInputException(
          "--latent %s: '%s' is no number; give numbers with commas between"
              .formatted(latent, text),
          e);
    }
    throw new InvalidInputException(
        "--latent %s: %s is not finite; give finite numbers".formatted(latent, text));
  }
}
