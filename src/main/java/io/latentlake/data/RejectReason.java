package io.latentlake.data;

/** Why a row can't be trained on or scored. */
public enum RejectReason {
  /** The record is cut short, of another number of cells, or a cell isn't of its column's type. */
  MALFORMED_RECORD,
  /** A feature column, or an element of an array, is null. */
  NULL_VALUE,
  /** Every feature is missing, of columns that may each be: nothing in the row can be scored. */
  ALL_MISSING,
  /** A feature, or a number of the condition, is NaN. */
  NOT_A_NUMBER,
  /** A feature, or a number of the condition, is infinite, or too large for a float. */
  INFINITE_VALUE,
  /** A column holds another number of values than the model takes. */
  WRONG_LENGTH,
  /**
   * A feature, or a category's features together, have no density under the model's likelihood; or
   * a number of the condition is too large to compute with.
   */
  OUT_OF_RANGE,
  /** A column of the condition is null. */
  NULL_CONDITION,
  /** A class of the condition has a level that the training table didn't have. */
  UNSEEN_LEVEL
}
