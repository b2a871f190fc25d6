package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is there is complete, and one that is not complete leaves nothing. */
class StagedFolderTest {
  private final Configuration hadoop = new Configuration();
  @TempDir Path directory;

  @Test
  void appearsAtTheCommitAndNotBefore() throws IOException {
    Path target = directory.resolve("out");
    try (var folder = StagedFolder.create(target.toString(), false, hadoop)) {
      write(folder, "new");
      assertFalse(Files.exists(target));
      folder.commit();
    }
    assertEquals("new", Files.readString(target.resolve("file")));
    assertEquals(1, entries());
  }

  @Test
  void leavesNothingWithoutACommit() throws IOException {
    try (var folder = StagedFolder.create(directory.resolve("out").toString(), false, hadoop)) {
      write(folder, "half");
    }
    assertEquals(0, entries());
  }

  @Test
  void leavesNothingOfATaskThatWroteOnAfterTheEnd() throws IOException {
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    var folder = StagedFolder.create(directory.resolve("out").toString(), false, hadoop);
    folder.close();
    write(folder, "late");
    assertEquals(1, entries());
    folder.files().close();
    assertEquals(0, entries());
  }

  @Test
  void refusesAFolderThatExists() throws IOException {
    Path target = Files.createDirectory(directory.resolve("out"));
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> StagedFolder.create(target.toString(), false, hadoop));
    assertTrue(error.getMessage().contains("--overwrite"), error.getMessage());
  }

  @Test
  void refusesARoot() {
    var error =
        assertThrows(InvalidInputException.class, () -> StagedFolder.create("/", true, hadoop));
    assertTrue(error.getMessage().contains("root"), error.getMessage());
  }

  @Test
  void namesAFileSystemThatIsNotInstalled() {
    hadoop.set("fs.lake.impl", "org.example.LakeFileSystem");
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> StagedFolder.create("lake://bucket/out", false, hadoop));
    assertTrue(error.getMessage().contains("'lake' is not installed"), error.getMessage());
  }

  @Test
  void refusesAFolderThatAppearedMeanwhile() throws IOException {
    Path target = directory.resolve("out");
    try (var folder = StagedFolder.create(target.toString(), false, hadoop)) {
      write(folder, "mine");
      Files.createDirectory(target);
      Files.writeString(target.resolve("file"), "theirs");
      assertThrows(InvalidInputException.class, folder::commit);
    }
    assertEquals("theirs", Files.readString(target.resolve("file")));
    assertEquals(1, entries());
  }

  @Test
  void overwritesAtTheCommitAndNotBefore() throws IOException {
    Path target = Files.createDirectory(directory.resolve("out"));
    Files.writeString(target.resolve("file"), "old");
    try (var folder = StagedFolder.create(target.toString(), true, hadoop)) {
      write(folder, "new");
      assertEquals("old", Files.readString(target.resolve("file")));
      folder.commit();
    }
    assertEquals("new", Files.readString(target.resolve("file")));
    assertEquals(1, entries());
  }

  private static void write(StagedFolder folder, String text) throws IOException {
    var file = new org.apache.hadoop.fs.Path(folder.path(), "file");
    try (var out = folder.files().create(file)) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private long entries() throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.count();
    }
  }
}
