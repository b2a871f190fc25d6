package io.latentlake.cli;

import io.latentlake.data.Addresses;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * A console that what is in addresses for nobody to see doesn't reach: whatever a command prints, a
 * library's message and a stack trace too. Who prints gives an address in one piece.
 */
final class DiscreetWriter extends FilterWriter {
  private DiscreetWriter(Writer out) {
    super(out);
  }

  /** One before another console. */
  static PrintWriter before(Writer console) {
    return new PrintWriter(new DiscreetWriter(console), true);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    out.write(Addresses.withoutSecrets(text.substring(offset, offset + length)));
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    write(new String(text, offset, length), 0, length);
  }
}
