package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * How gradients become steps.
 *
 * @param kind which rule
 * @param learningRate step size
 */
public record UpdaterSpec(Kind kind, double learningRate) implements Serializable {

  /** The update rules on offer. */
  public enum Kind {
    @JsonProperty("adam")
    ADAM,
    @JsonProperty("rmsprop")
    RMSPROP,
    @JsonProperty("sgd")
    SGD
  }

  public UpdaterSpec {
    Require.present("train.updater.kind", kind);
    Require.positive("train.updater.learning-rate", learningRate);
  }
}
