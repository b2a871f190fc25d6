package io.latentlake;

import io.latentlake.spec.Activation;
import io.latentlake.spec.AdversarySpec;
import io.latentlake.spec.CategoriesSpec;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.NetworkSpec;
import io.latentlake.spec.PenaltySpec;
import io.latentlake.spec.PriorSpec;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.VaeSpec;
import io.latentlake.variant.Variants;
import java.util.List;

/** Specifications of small networks. */
public final class Specifications {
  private Specifications() {}

  /** A variant as it is by itself, small in all that isn't given. */
  public static VaeSpec of(
      String variant,
      List<Integer> encoder,
      int latent,
      List<Integer> decoder,
      Activation activation,
      LikelihoodSpec likelihood) {
    return new VaeSpec(
        variant,
        encoder,
        latent,
        decoder,
        activation,
        NetworkSpec.PLAIN,
        likelihood,
        PriorSpec.NORMAL,
        PenaltySpec.ELBO,
        3,
        new CategoriesSpec(4, 1, 0.5, 100, false),
        new AdversarySpec(List.of(5), 0.5),
        0);
  }

  /** Rows of so many features, with a condition of two numbers where the variant wants one. */
  public static RowShape shape(VaeSpec spec, int features) {
    return new RowShape(features, Variants.named(spec.variant()).isConditional() ? 2 : 0);
  }

  /** The same with another prior. */
  public static VaeSpec with(VaeSpec spec, PriorSpec prior) {
    return with(spec, spec.network(), prior, spec.penalty(), spec.categories(), spec.trim());
  }

  /** The same with another penalty. */
  public static VaeSpec with(VaeSpec spec, PenaltySpec penalty) {
    return with(spec, spec.network(), spec.prior(), penalty, spec.categories(), spec.trim());
  }

  /** The same with another network. */
  public static VaeSpec with(VaeSpec spec, NetworkSpec network) {
    return with(spec, network, spec.prior(), spec.penalty(), spec.categories(), spec.trim());
  }

  /** The same with other categories. */
  public static VaeSpec with(VaeSpec spec, CategoriesSpec categories) {
    return with(spec, spec.network(), spec.prior(), spec.penalty(), categories, spec.trim());
  }

  /** The same, trimmed. */
  public static VaeSpec trimmed(VaeSpec spec, double trim) {
    return with(spec, spec.network(), spec.prior(), spec.penalty(), spec.categories(), trim);
  }

  private static VaeSpec with(
      VaeSpec spec,
      NetworkSpec network,
      PriorSpec prior,
      PenaltySpec penalty,
      CategoriesSpec categories,
      double trim) {
    return new VaeSpec(
        spec.variant(),
        spec.encoder(),
        spec.latent(),
        spec.decoder(),
        spec.activation(),
        network,
        spec.likelihood(),
        prior,
        penalty,
        spec.samples(),
        categories,
        spec.adversary(),
        trim);
  }
}
