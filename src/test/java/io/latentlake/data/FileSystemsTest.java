package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are whole or not there, and paths are known by any of their names. */
class FileSystemsTest {
  private final Configuration hadoop = new Configuration();
  @TempDir Path directory;

  @BeforeEach
  void install() {
    FaultyFileSystem.install(hadoop);
  }

  private List<String> entries() throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void replace(String place, String text) {
    FileSystems.replace(
        new org.apache.hadoop.fs.Path(place), text.getBytes(StandardCharsets.UTF_8), hadoop);
  }

  @Test
  void aFileReplacesAnotherWithItsChecksum() throws IOException {
    for (String file : List.of("plain", FaultyFileSystem.path(directory.resolve("other")))) {
      String place = file.contains("/") ? file : directory.resolve(file).toString();
      replace(place, "first");
      replace(place, "the second");
      var path = new org.apache.hadoop.fs.Path(place);
      assertEquals(Optional.of("the second"), FileSystems.textIfThere(path, hadoop));
    }
    assertEquals(List.of(".plain.crc", "other", "plain"), entries());
  }

  @Test
  void aFileThatCouldNotBeRenamedLeavesNothing() throws IOException {
    String place = FaultyFileSystem.path(directory.resolve("file"));
    FaultyFileSystem.set(
        (number, from, to) -> {
          throw new IOException("503 slow down");
        });
    var error = assertThrows(InvalidInputException.class, () -> replace(place, "new"));
    assertTrue(error.getMessage().contains("503 slow down"), error.getMessage());
    assertEquals(List.of(), entries());
  }

  @Test
  void aPlaceIsTriedWhereTheFileWillBe() throws IOException {
    String below = FaultyFileSystem.path(directory.resolve("mine/of/today/metrics.json"));
    FaultyFileSystem.close(directory);
    FileSystems.requireWritable(below, hadoop);
    assertEquals(List.of(), entries());
    assertFalse(FileSystems.isWithin(below, below + ".old", hadoop));
    Files.createDirectories(directory.resolve("mine/of"));
    FileSystems.requireWritable(below, hadoop);
    assertTrue(Files.exists(directory.resolve("mine/of")));
    assertFalse(Files.exists(directory.resolve("mine/of/today")));
    String here = FaultyFileSystem.path(directory.resolve("metrics.json"));
    var error =
        assertThrows(InvalidInputException.class, () -> FileSystems.requireWritable(here, hadoop));
    assertTrue(error.getMessage().contains("may not"), error.getMessage());
  }

  @Test
  void aFolderIsKnownByItsLinks() throws IOException {
    Path lake = Files.createDirectory(directory.resolve("lake"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), lake);
    Files.createDirectory(lake.resolve("table"));
    String table = lake.resolve("table").toString();
    assertTrue(FileSystems.isWithin(table, link.toString(), hadoop));
    assertTrue(FileSystems.isWithin(link.resolve("table").toString(), table, hadoop));
    assertTrue(FileSystems.isWithin(link.resolve("new/one").toString(), lake + "/new", hadoop));
    assertFalse(FileSystems.isWithin(table, link.resolve("new").toString(), hadoop));
    assertFalse(FileSystems.isWithin("mnist:train", lake.toString(), hadoop));
  }

  @Test
  void aFileSystemIsKnownByItsDefaultPort() {
    String folder = "faulty://nodes" + directory;
    String same = "faulty://nodes:8020" + directory;
    assertTrue(FileSystems.isWithin(same + "/table", folder, hadoop));
    assertTrue(FileSystems.isWithin(folder, same, hadoop));
    assertFalse(FileSystems.isWithin("faulty://nodes:9000" + directory, folder, hadoop));
    assertFalse(FileSystems.isWithin(folder, directory.toString(), hadoop));
  }
}
