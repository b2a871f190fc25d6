package io.latentlake.score;

/** What becomes of a row that can't be scored. */
public enum OnBadRow {
  /** It is kept apart and counted. */
  REJECT,
  /** The job stops. */
  FAIL
}
