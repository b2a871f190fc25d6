package io.latentlake.report;

import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands as people type them: words, and quotes around what would be taken apart. */
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");

  /** What a word is made of: text in single quotes, in double ones, and all else but blanks. */
  private static final Pattern PART = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

  private ShellWords() {}

  /** A word as a shell reads it whole. */
  public static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A command's words as a line for a shell. */
  public static String joined(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  /**
   * A line's words. Quotes of either kind hold together what is between them, also within a word
   * and where there is nothing; nothing else has a meaning of its own.
   *
   * @throws InvalidInputException when a quote is never closed
   */
  public static List<String> split(String line) {
    var words = new ArrayList<String>();
    int at = 0;
    while (true) {
      while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
        at++;
      }
      if (at == line.length()) {
        return words;
      }
      var word = new StringBuilder();
      at = appendWord(line, at, word);
      words.add(word.toString());
    }
  }

  /** Gives where the word that begins at a place ends. */
  private static int appendWord(String line, int start, StringBuilder word) {
    Matcher part = PART.matcher(line);
    int at = start;
    while (part.region(at, line.length()).lookingAt()) {
      for (int group = 1; group <= part.groupCount(); group++) {
        if (part.group(group) != null) {
          word.append(part.group(group));
        }
      }
      at = part.end();
    }
    if (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
      throw new InvalidInputException(
          "%s: a quote is opened and never closed; close it".formatted(line.substring(at)));
    }
    return at;
  }
}
