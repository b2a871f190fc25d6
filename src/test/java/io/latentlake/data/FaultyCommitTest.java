package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.data.FaultyFileSystem.Fault;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that fails in a commit leaves what was there before, and nothing of the new. */
class FaultyCommitTest {
  private final Configuration hadoop = new Configuration();
  @TempDir Path directory;
  private Path target;

  @BeforeEach
  void install() {
    FaultyFileSystem.install(hadoop);
    target = directory.resolve("out");
  }

  /** What a rename that failed has done. */
  private enum Done {
    NOTHING,
    COPIED_A_PART,
    COPIED_AND_DELETED_A_PART,
    ALL;

    void to(Path from, Path to) throws IOException {
      switch (this) {
        case NOTHING -> {}
        case COPIED_A_PART -> Files.copy(from.resolve("a"), Files.createDirectory(to).resolve("a"));
        case COPIED_AND_DELETED_A_PART ->
            Files.move(from.resolve("a"), Files.createDirectory(to).resolve("a"));
        case ALL -> Files.move(from, to);
      }
    }
  }

  private static Fault failing(int which, Done done) {
    return (number, from, to) -> {
      if (number == which) {
        done.to(from, to);
        throw new IOException("503 slow down");
      }
    };
  }

  @ParameterizedTest
  @EnumSource(Done.class)
  void theOldFolderIsThereAgain(Done done) throws IOException {
    old();
    var error = commit(true, IOException.class, failing(2, done));
    assertEquals("503 slow down", error.getMessage());
    assertEquals("old", Files.readString(target.resolve("a")));
    assertEquals(1, entries(directory));
    assertEquals(2, entries(target));
  }

  @ParameterizedTest
  @EnumSource(
      value = Done.class,
      names = {"NOTHING", "COPIED_A_PART", "ALL"})
  void orHasNeverGone(Done done) throws IOException {
    old();
    var error = commit(true, IOException.class, failing(1, done));
    assertEquals("503 slow down", error.getMessage());
    assertEquals("old", Files.readString(target.resolve("a")));
    assertEquals(1, entries(directory));
    assertEquals(2, entries(target));
  }

  @ParameterizedTest
  @EnumSource(Done.class)
  void nothingIsThereWhereNothingWas(Done done) throws IOException {
    commit(false, IOException.class, failing(1, done));
    assertEquals(0, entries(directory));
  }

  @Test
  void tellsWhereTheOldFolderIsWhenItCannotBePutBack() throws IOException {
    old();
    Fault fault =
        (number, from, to) -> {
          if (number > 1) {
            throw new IOException("503 slow down");
          }
        };
    var error = commit(true, IOException.class, fault);
    assertTrue(error.getMessage().contains("503 slow down"), error.getMessage());
    assertTrue(error.getMessage().endsWith(".previous"), error.getMessage());
    String named = error.getMessage().substring(error.getMessage().lastIndexOf("faulty:"));
    assertEquals("old", Files.readString(directory.resolve(Path.of(named).getFileName() + "/a")));
    assertFalse(Files.exists(target));
    assertEquals(1, entries(directory));
  }

  /** Renamed into it, where the local disk would refuse. */
  @Test
  void anothersFolderThatAppearedMeanwhileIsLeftAlone() throws IOException {
    Fault another =
        (number, from, to) -> {
          Files.createDirectory(to);
          Files.writeString(to.resolve("theirs"), "theirs");
        };
    var error = commit(false, InvalidInputException.class, another);
    assertTrue(error.getMessage().contains("another job"), error.getMessage());
    assertEquals(1, entries(directory));
    assertEquals(1, entries(target));
  }

  @Test
  void anothersFolderIsNotTakenForTheOwn() throws IOException {
    old();
    Fault another =
        (number, from, to) -> {
          if (number == 2) {
            Files.createDirectory(to);
            Files.writeString(to.resolve("theirs"), "theirs");
            throw new IOException("503 slow down");
          }
        };
    var error = commit(true, IOException.class, another);
    assertTrue(error.getMessage().endsWith(".previous"), error.getMessage());
    assertEquals("theirs", Files.readString(target.resolve("theirs")));
    assertEquals(2, entries(directory));
  }

  @Test
  void tellsWhySparkCouldNotWrite() throws IOException {
    try (var folder = StagedFolder.create(FaultyFileSystem.path(target), false, hadoop)) {
      FileUtils.deleteDirectory(directory.resolve(folder.path().getName()).toFile());
      var rows = io.latentlake.SharedSpark.session().range(1).toDF().write().format("none");
      var error = assertThrows(IllegalStateException.class, () -> folder.write(rows));
      assertTrue(error.getMessage().contains("was deleted"), error.getMessage());
      assertTrue(error.getSuppressed()[0].getMessage().contains("none"), error::toString);
    }
  }

  private void old() throws IOException {
    Files.createDirectory(target);
    Files.writeString(target.resolve("a"), "old");
    Files.writeString(target.resolve("b"), "old");
  }

  private <T extends Exception> T commit(boolean overwrite, Class<T> error, Fault fault)
      throws IOException {
    try (var folder = StagedFolder.create(FaultyFileSystem.path(target), overwrite, hadoop)) {
      for (String name : new String[] {"a", "b"}) {
        var file = new org.apache.hadoop.fs.Path(folder.path(), name);
        try (var out = folder.files().create(file)) {
          out.write("the new".getBytes(StandardCharsets.UTF_8));
        }
      }
      FaultyFileSystem.set(fault);
      T thrown = assertThrows(error, folder::commit);
      return thrown;
    }
  }

  private static long entries(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.count();
    }
  }
}
