package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.model.HostileFolder;
import io.latentlake.spec.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that somebody changed, its checksums too, is read or refused in one clear line. */
@Tag("slow")
class HostileCheckpointTest {
  private static final int CHANGES = 3_000;

  @TempDir Path folder;

  @Test
  void everyChangeIsReadOrRefused() throws IOException {
    var checkpoints =
        new Checkpoints(
            folder.toString(),
            CheckpointInterval.parse("--checkpoint-every", "1epoch"),
            1,
            new org.apache.hadoop.conf.Configuration());
    Configuration configuration =
        Tables.configuration(Map.of("train.workers", 1, "train.epochs", 1));
    var request = TrainingRequest.of(configuration, Map.of());
    new Trainer(SharedSpark.session(), new TrainingProgress() {})
        .train(
            configuration,
            Tables.PLAN,
            Tables.table(Tables.rows(100, 1), 1),
            Optional.empty(),
            new Recovery(Optional.of(checkpoints), Optional.empty(), request, 0, true));
    Path newest = Path.of(checkpoints.newest(request, damaged -> {}).orElseThrow().path());

    long refused =
        new HostileFolder(folder.resolve(newest.getFileName()), Checkpoint.DOCUMENT)
            .refused(
                CHANGES,
                1,
                () -> {
                  checkpoints.newest(request, damaged -> {});
                  return () -> {};
                });

    assertTrue(refused > CHANGES / 2, "only %d of %d were refused".formatted(refused, CHANGES));
    System.out.printf("%,d changed checkpoints, %,d refused, none harmful%n", CHANGES, refused);
  }
}
