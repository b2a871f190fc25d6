package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history from a stranger. */
class HistoryTest {
  @TempDir java.nio.file.Path folder;

  private void refused(String reason) throws IOException {
    FileSystem files = FileSystem.getLocal(new Configuration());
    var e =
        assertThrows(
            InvalidInputException.class, () -> History.read(files, new Path(folder.toString())));
    assertTrue(e.getMessage().contains("history.json: " + reason), e.getMessage());
  }

  @Test
  void oneThatWouldFillMemoryIsRefusedUnread() throws IOException {
    try (var file = new RandomAccessFile(folder.resolve("history.json").toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    refused("1,099,511,627,776 bytes");
  }

  @Test
  void oneThatIsAFolderIsRefused() throws IOException {
    Files.createDirectory(folder.resolve("history.json"));
    refused("is no file");
  }

  @Test
  void anEpochWithoutALossIsDamaged() throws IOException {
    Files.writeString(
        folder.resolve("history.json"),
        "{\"epochs\": [{\"epoch\": 1, \"seconds\": 1.0, \"train\": null}]}");
    refused("damaged: ");
  }
}
