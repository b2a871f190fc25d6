package io.latentlake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Commands as people type them. */
class ShellWordsTest {
  @Test
  void quotesHoldTogetherWhereverTheyStand() {
    assertEquals(
        List.of("score", "--input=a b", "--keep", "", "it's", "x"),
        ShellWords.split("  score --input=\"a b\" --keep ''\t\"it's\" x\n"));
    assertEquals(List.of("a\"b"), ShellWords.split("'a\"b'"));
    assertEquals(List.of(), ShellWords.split(" "));
  }

  @Test
  void aQuoteThatIsNeverClosedIsNamed() {
    var failure =
        assertThrows(InvalidInputException.class, () -> ShellWords.split("--keep 'id --x"));
    assertTrue(failure.getMessage().contains("'id --x"), failure.getMessage());
  }

  @Test
  void onlyWhatNeedsQuotesHasThem() {
    assertEquals(
        "report --scores /lake/a=1/x --out 'my file' '' 'it'\\''s'",
        ShellWords.joined(
            List.of("report", "--scores", "/lake/a=1/x", "--out", "my file", "", "it's")));
  }

  @Property(tries = 200)
  void aQuotedWordIsReadWhole(@ForAll List<String> words) {
    // Not those with a single quote: in a shell, a backslash stands before it.
    List<String> without = words.stream().map(word -> word.replace("'", "")).toList();
    assertEquals(without, ShellWords.split(ShellWords.joined(without)));
  }
}
