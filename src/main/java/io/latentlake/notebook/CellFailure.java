package io.latentlake.notebook;

import java.util.List;

/** Why a cell broke, told by the cell's own lines. */
public final class CellFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> details;

  /**
   * A failure.
   *
   * @param message one line: the place, and what is wrong there
   * @param details the lines to be shown below it
   */
  CellFailure(String message, List<String> details) {
    // Of no use to whoever wrote the cell: the stack is the kernel's.
    super(message, null, false, false);
    this.details = List.copyOf(details);
  }

  /** What is shown below the message: the code, or the stack of the user's lines. */
  public List<String> details() {
    return details;
  }
}
