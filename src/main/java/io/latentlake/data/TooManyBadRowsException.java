package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;

/**
 * More rows can't be used than a {@link BadRowBudget} allows. The command line exits with 4: what
 * was asked for is right, but the data has gone bad.
 */
public final class TooManyBadRowsException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  TooManyBadRowsException(String message) {
    super(message);
  }
}
