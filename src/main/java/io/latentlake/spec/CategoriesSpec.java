package io.latentlake.spec;

import java.io.Serializable;

/**
 * The latent variables of a discrete VAE, as many as {@code model.latent} says.
 *
 * @param count values that each of them can take
 * @param temperature of the Gumbel-softmax at the start (Jang et al., arXiv 1611.01144)
 * @param finalTemperature that it falls to
 * @param annealing minibatches over which it falls, exponentially
 * @param straightThrough whether the decoder is trained on the drawn value itself, and the gradient
 *     taken as if it had seen the relaxed one
 */
public record CategoriesSpec(
    int count, double temperature, double finalTemperature, int annealing, boolean straightThrough)
    implements Serializable {
  public CategoriesSpec {
    Require.atLeast("model.categories.count", count, 2);
    Require.positive("model.categories.temperature", temperature);
    Require.positive("model.categories.final-temperature", finalTemperature);
    Require.atLeast("model.categories.annealing", annealing, 1);
    if (finalTemperature > temperature) {
      throw new InvalidInputException(
          "model.categories.final-temperature = %s: must be at most temperature, %s"
              .formatted(finalTemperature, temperature));
    }
  }

  /**
   * The temperature of a training step.
   *
   * @param iteration minibatches trained on before
   */
  public double temperature(int iteration) {
    double progress = Math.min(1, (double) iteration / annealing);
    return temperature * Math.pow(finalTemperature / temperature, progress);
  }
}
