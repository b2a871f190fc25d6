package io.latentlake.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that can't be used are refused in one line, and leave nothing behind. */
class MalformedOptionTest {
  @TempDir static Path folder;

  private static SmallModel small;
  private static String scoring;

  @BeforeAll
  static void trainModel() throws IOException {
    small = SmallModel.train(folder);
    scoring = "score --input " + small.table() + " --model " + small.model() + " --output ";
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  /** A training run that has these options too. */
  private static Refusal training(String... more) {
    return small.refused(
        "train --input %s --features left,right --model %s"
            .formatted(small.table(), path("new-model")),
        more);
  }

  private static Refusal trainingWith(String name, String configuration) throws IOException {
    Path file = Files.writeString(folder.resolve(name), configuration);
    return training("--config", file.toString());
  }

  @Test
  void existingOutput() throws IOException {
    String scores = path("existing-scores");
    Files.createDirectory(Path.of(scores));
    Files.writeString(Path.of(scores, "precious"), "one of a kind");
    small.refused(scoring + scores).names(scores, "exists already", "--overwrite");
  }

  @Test
  void existingModel() {
    small
        .refused(small.training() + " --model " + small.model())
        .names(small.model(), "exists already", "--overwrite");
  }

  @Test
  void failedRunKeepsWhatItWouldHaveReplaced() {
    small
        .refused(
            "train --overwrite --input " + path("nowhere") + " --model " + small.model(),
            "--features",
            "left")
        .names(path("nowhere"));
  }

  @Test
  void unknownKey() throws IOException {
    trainingWith("unknown.conf", "train.epoch = 3")
        .names(path("unknown.conf"), "'train.epoch'", "train.epochs", "model.latent");
  }

  @Test
  void notHocon() throws IOException {
    trainingWith("broken.conf", "train { epochs = 3\n model = [").names(path("broken.conf"));
  }

  @Test
  void missingConfigurationFile() {
    training("--config", path("no.conf")).names("--config", path("no.conf"));
  }

  @Test
  void valueOutOfRange() throws IOException {
    training("--epochs", "0").names("train.epochs = 0", "at least 1");
    training("--contamination", "0.7").names("score.contamination = 0.7", "0.5");
    trainingWith("range.conf", "model.latent = -2").names("range.conf", "model.latent = -2");
    trainingWith("rate.conf", "train.updater.learning-rate = 0").names("learning-rate = 0");
  }

  @Test
  void valueOfAnotherKind() throws IOException {
    training("--epochs", "many").names("--epochs", "'many'", "train --help");
    trainingWith("kind.conf", "model.activation = step").names("step", "relu", "silu");
    trainingWith("number.conf", "train.epochs = many").names("number.conf", "many");
    trainingWith("variant.conf", "model.variant = vea").names("vea", "must be one of");
  }

  @Test
  void unknownFormat() {
    training("--format", "xlsx").names("xlsx", "parquet, csv, json, orc, avro, idx");
    small.refused(scoring + path("scores"), "--output-format", "xlsx").names("xlsx", "parquet");
    small.refused(scoring + path("scores"), "--output-format", "idx").names("idx", "parquet");
  }

  @Test
  void keptColumnMissing() {
    small
        .refused(scoring + path("scores"), "--keep", "id,colour")
        .names(small.table(), "'colour'", "id, kind, left, right");
  }

  @Test
  void unknownOption() {
    training("--epoch", "3").names("--epoch", "train --help");
    small.refused("train --model " + path("new-model")).names("--input", "train --help");
    small.refused("trian").names("trian", "latentlake --help");
  }

  @Test
  void labelMissing() {
    String scores = path("label-scores");
    small.run(scoring + scores, "--keep", "id");
    small
        .refused("evaluate --label kind --positive odd --scores " + scores)
        .names("'kind'", "--keep");
  }
}
