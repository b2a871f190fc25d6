package io.latentlake.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** A real browser without a screen: Chromium, which must be installed. */
public final class Browser {
  private static final int SECONDS = 60;

  private Browser() {}

  /** Opens a page and gives its document once all has loaded. */
  public static String document(Path page) {
    return run(page, 1280, 900, "--dump-dom", "--virtual-time-budget=2000").out;
  }

  /**
   * Draws a page.
   *
   * @param picture where to
   * @return what the page's console says
   */
  public static List<String> draw(Path page, int width, int height, Path picture) {
    return run(page, width, height, "--enable-logging=stderr", "--screenshot=" + picture)
        .err
        .lines()
        .filter(line -> line.contains("CONSOLE"))
        .toList();
  }

  private record Output(String out, String err) {}

  private static Output run(Path page, int width, int height, String... options) {
    Path profile = null;
    try {
      profile = Files.createTempDirectory("chromium");
      Path out = profile.resolve("out");
      Path err = profile.resolve("err");
      List<String> command =
          Stream.of(
                  Stream.of(
                      "chromium",
                      "--headless",
                      "--no-sandbox",
                      "--disable-gpu",
                      "--hide-scrollbars",
                      "--user-data-dir=" + profile.resolve("profile"),
                      "--window-size=%d,%d".formatted(width, height)),
                  Stream.of(options),
                  Stream.of(page.toUri().toString()))
              .flatMap(part -> part)
              .toList();
      Process browser =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!browser.waitFor(SECONDS, TimeUnit.SECONDS)) {
        browser.destroyForcibly();
        throw new AssertionError("Chromium took more than %d s for %s".formatted(SECONDS, page));
      }
      return new Output(Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new AssertionError(
          "Chromium can't be started: apt-get install -y --no-install-recommends chromium", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      FileUtils.deleteQuietly(profile == null ? null : profile.toFile());
    }
  }
}
