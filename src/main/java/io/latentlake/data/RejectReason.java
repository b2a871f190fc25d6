package io.latentlake.data;

/** Why a row can't be trained on or scored. */
public enum RejectReason {
  /** A feature column, or an element of an array, is null. */
  NULL_VALUE,
  /** A feature is NaN. */
  NOT_A_NUMBER,
  /** A feature is infinite, or too large for a float. */
  INFINITE_VALUE,
  /** A column holds another number of values than the model takes. */
  WRONG_LENGTH,
  /** A feature, or a category's features together, have no density under the model's likelihood. */
  OUT_OF_RANGE
}
