package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void noticesThatItWasDeletedWhileItWasWritten() throws IOException {
    Path target = directory.resolve("out");
    try (var folder = StagedFolder.create(target.toString(), false, hadoop)) {
      write(folder, "of an early task");
      folder.files().delete(folder.path(), true);
      write(folder, "of a late task");
      var error = assertThrows(IllegalStateException.class, folder::commit);
      assertTrue(error.getMessage().contains("was deleted while it was written"));
      assertTrue(error.getMessage().contains(target.toString()), error.getMessage());
    }
    assertEquals(0, entries());
  }

  /** Whichever is renamed first is whole; the others leave nothing in it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofJobsThatEndAtTheSameTimeOneIsWhole(boolean overwrite) throws Exception {
    for (int i = 0; i < 40; i++) {
      Path target = directory.resolve("out" + i);
      var start = new CyclicBarrier(4);
      List<Callable<Boolean>> jobs = Collections.nCopies(4, () -> job(target, overwrite, start));
      var threads = Executors.newFixedThreadPool(4);
      int done = 0;
      for (Future<Boolean> job : threads.invokeAll(jobs)) {
        done += job.get() ? 1 : 0;
      }
      threads.shutdown();
      assertTrue(overwrite ? done >= 1 : done == 1, done + " of 4 jobs");
      assertEquals("whole", Files.readString(target.resolve("file")));
      try (var files = Files.list(target)) {
        assertEquals(2, files.count(), "a file and its checksum in " + target);
      }
      assertEquals(i + 1, entries());
    }
  }

  private Boolean job(Path target, boolean overwrite, CyclicBarrier start) throws Exception {
    try (var folder = StagedFolder.create(target.toString(), overwrite, hadoop)) {
      write(folder, "whole");
      start.await(30, TimeUnit.SECONDS);
      folder.commit();
      return true;
    } catch (InvalidInputException e) {
      assertTrue(e.getMessage().startsWith("file:" + target), e.getMessage());
      return false;
    }
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
