package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SmallImages;
import io.latentlake.report.Browser;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The reports in Chromium, on a desktop and on a phone: nothing is wider than the page, every
 * picture is there, and the console is silent. Screenshots stay in {@code target/reports-seen}.
 */
@Tag("slow")
class ReportInBrowserTest {
  private static final Path SEEN = Path.of("target", "reports-seen");
  private static final int HEIGHT = 3600;

  /** What the page is asked; its own rules forbid scripts, so a copy allows this one. */
  private static final String QUESTIONS =
      """
      <script>
      const refused = [];
      document.addEventListener('securitypolicyviolation', e => refused.push(e.blockedURI));
      window.addEventListener('load', () => {
        const all = selector => [...document.querySelectorAll(selector)];
        parent.postMessage(JSON.stringify({
          inner: innerWidth,
          scroll: document.documentElement.scrollWidth,
          wide: all('body *').filter(e => !e.closest('.scroll') && !e.closest('svg')
              && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className),
          unseen: all('.lines').filter(e => e.getBoundingClientRect().right > innerWidth + 1).length,
          images: all('img').length,
          undecoded: all('img').filter(i => !(i.complete && i.naturalWidth > 0)).length,
          drawings: all('svg').length,
          flat: all('svg').filter(s => s.getBoundingClientRect().height < 10).length,
          sections: all('section').map(s => s.id),
          title: document.title,
          refused: refused
        }), '*');
      });
      </script>
      """;

  private static final String ANSWER =
      """
      <pre id="answer"></pre>
      <script>
      addEventListener('message', e => document.getElementById('answer').textContent = e.data);
      </script>
      """;

  @TempDir static Path folder;

  private static Path images;
  private static ReportedTable table;

  @BeforeAll
  static void make() throws IOException {
    Files.createDirectories(SEEN);
    table = ReportedTable.in(folder);
    String rows = folder.resolve("images").toString();
    SmallImages.table(400).write().parquet(rows);
    Path configuration = folder.resolve("images.conf");
    Files.writeString(configuration, SmallImages.CONFIGURATION.replace("epochs = 1", "epochs = 2"));
    Path model = folder.resolve("images-model");
    CommandRun.of(
            "train",
            "--features",
            "image",
            "--input",
            rows,
            "--validation",
            rows,
            "--config",
            configuration.toString(),
            "--model",
            model.toString())
        .orFail();
    images = model.resolve("report.html");
  }

  private static Path page(String name) {
    return switch (name) {
      case "images" -> images;
      case "table" -> table.modelReport();
      default -> table.scoresReport();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "images, 1280, loss latents sights scores",
    "images, 390, loss latents sights scores",
    "table, 1280, loss latents sights scores features",
    "table, 390, loss latents sights scores features",
    "scores, 1280, top scores segments rejected drift time",
    "scores, 390, top scores segments rejected drift time"
  })
  void readsWell(String name, int width, String sections) throws IOException {
    JsonNode answer = ask(page(name), width);
    assertEquals(width, answer.path("inner").asInt(), answer.toString());
    assertTrue(answer.path("scroll").asInt() <= width, "wider than the page: " + answer);
    assertEquals(0, answer.path("wide").size(), "wider than the page: " + answer);
    assertEquals(0, answer.path("unseen").asInt(), "reasons are out of sight: " + answer);
    assertEquals(name.equals("images") ? 2 : 0, answer.path("images").asInt(), answer.toString());
    assertEquals(0, answer.path("undecoded").asInt(), answer.toString());
    assertTrue(answer.path("drawings").asInt() >= 2, answer.toString());
    assertEquals(0, answer.path("flat").asInt(), "a drawing is squeezed: " + answer);
    assertEquals(0, answer.path("refused").size(), "the page wanted to fetch: " + answer);
    assertNotEquals("planted", answer.path("title").asText(), "a script from the table ran");
    List<String> ids =
        Json.METRICS.convertValue(
            answer.path("sections"),
            Json.METRICS.getTypeFactory().constructCollectionType(List.class, String.class));
    assertTrue(ids.containsAll(List.of(sections.split(" "))), ids.toString());

    Path picture = SEEN.resolve("%s-%d.png".formatted(name, width)).toAbsolutePath();
    Files.deleteIfExists(picture);
    assertEquals(
        List.of(),
        Browser.draw(framed(page(name), width, ""), width, HEIGHT, picture),
        "in the console");
    assertTrue(Files.size(picture) > 20_000, "the page is blank");
  }

  /** Chromium's own windows are no narrower than 500: a frame stands for the phone. */
  private static Path framed(Path page, int width, String more) throws IOException {
    Path outer = folder.resolve("outer.html");
    String frame =
        "<!DOCTYPE html><style>body { margin: 0 } iframe { border: 0; display: block }</style>"
            + "%s<iframe src=\"%s\" width=\"%d\" height=\"%d\"></iframe>";
    return Files.writeString(outer, frame.formatted(more, page.toUri(), width, HEIGHT));
  }

  /** Opens a copy of a page that tells about itself. */
  private static JsonNode ask(Path page, int width) throws IOException {
    String html = Files.readString(page);
    String open =
        html.replace("default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';");
    Path copy = folder.resolve("copy.html");
    Files.writeString(copy, open.replace("<body>", "<body>" + QUESTIONS));
    String document = Browser.document(framed(copy, width, ANSWER));
    int from = document.indexOf("<pre id=\"answer\">");
    assertTrue(from > 0, "no answer in the page: " + document.length());
    String answer = document.substring(document.indexOf('>', from) + 1);
    return read(answer.substring(0, answer.indexOf("</pre>")));
  }

  private static JsonNode read(String escaped) {
    String json = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    try {
      return Json.METRICS.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }
}
