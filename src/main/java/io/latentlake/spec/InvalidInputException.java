package io.latentlake.spec;

/**
 * Something the user gave can't be used: a setting, a path, a column, a file. The message is one
 * line that names the thing, its value, the rule and the remedy; the command line prints it alone
 * and exits with 2.
 */
public class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of a message: a value that is longer than that says no more at its end. */
  private static final int LONGEST = 1_000;

  public InvalidInputException(String message) {
    super(shortened(message));
  }

  public InvalidInputException(String message, Throwable cause) {
    super(shortened(message), cause);
  }

  private static String shortened(String message) {
    if (message == null || message.length() <= LONGEST) {
      return message;
    }
    int half = LONGEST / 2;
    return message.substring(0, half) + " … " + message.substring(message.length() - half);
  }
}
