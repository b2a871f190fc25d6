package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The non-linearity of the hidden layers. */
public enum Activation {
  @JsonProperty("relu")
  RELU,
  @JsonProperty("elu")
  ELU,
  @JsonProperty("tanh")
  TANH,
  @JsonProperty("silu")
  SILU
}
