package io.latentlake.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delta's and Iceberg's tables where the user's own libraries are missing. */
class MissingLakeLibraryTest {
  @TempDir static Path folder;

  private static SmallModel small;

  @BeforeAll
  static void train() throws IOException {
    small = SmallModel.train(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta", "iceberg"})
  void aLibraryThatIsNotInstalled(String format) {
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    thread.setContextClassLoader(new Without(loader));
    try {
      small
          .refused(
              "score --model %s --output %s --format %s --input %s"
                  .formatted(small.model(), folder.resolve("nothing"), format, "lake/orders"))
          .names(format, "--packages", format + "-spark");
    } finally {
      thread.setContextClassLoader(loader);
    }
  }

  /** A classpath without the libraries. */
  private static final class Without extends ClassLoader {
    Without(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.delta.") || name.startsWith("org.apache.iceberg.")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }
}
