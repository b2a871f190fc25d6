package io.latentlake.spec;

/**
 * Something the user gave can't be used: a setting, a path, a column, a file. The message is one
 * line that names the thing, its value, the rule and the remedy; the command line prints it alone
 * and exits with 2.
 */
public class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
