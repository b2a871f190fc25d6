package io.latentlake.score;

/** What becomes of a row that can't be scored. */
public enum OnBadRow {
  /** It is kept apart and counted. */
  REJECT,
  /** The job stops. */
  FAIL;

  /** What becomes of it in the stream of rows that are scored. */
  HandleInvalid handling() {
    return this == FAIL ? HandleInvalid.ERROR : HandleInvalid.SKIP;
  }
}
