package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** A folder of folders with others in it is no table to Spark, whoever reads it. */
  @Test
  void writingIntoWhatIsRead() {
    String within = small.table() + "/within";
    small.refused(scoring + within).names("--output " + within, "lies in --input");
    small.refused(scoring.replace("score", "embed") + within).names("lies in --input");
    small.refused(small.training() + " --model " + within).names("--model " + within, "lies in");
  }

  /** What is read would be gone, and what replaces it is no substitute. */
  @Test
  void replacingWhatIsRead() {
    small.refused(scoring + small.table(), "--overwrite").names("--output", "lies in --input");
    for (String output : List.of(folder.toString(), small.model())) {
      small.refused(scoring + output, "--overwrite").names(output, "can't be replaced", "is read");
      small
          .refused(scoring.replace("score", "embed") + output, "--overwrite")
          .names(output, "can't be replaced", "is read");
    }
    small
        .refused(small.training() + " --overwrite --model " + small.table())
        .names(small.table(), "--model", "lies in --input");
    small
        .refused(small.training() + " --overwrite --validation mnist:test --model " + folder)
        .names(folder, "can't be replaced", small.table());
    small
        .refused(
            "score --model %s --input own.orders --format table".formatted(small.model()),
            "--overwrite",
            "--output-format",
            "delta",
            "--output",
            "own.orders")
        .names("own.orders: can't be replaced");
  }

  @Test
  void unknownKey() throws IOException {
    trainingWith("unknown.conf", "train.epoch = 3")
        .names(path("unknown.conf"), "'train.epoch'", "train.epochs", "model.latent");
  }

  /** What is an error to Java, and no exception, is told in one line too. */
  @Test
  void deeperThanTheStack() throws IOException {
    Path deep = Files.writeString(folder.resolve("deep.conf"), "a={".repeat(100_000));
    CommandRun run =
        CommandRun.of(
            List.of(
                (small.training() + " --model " + path("deep"))
                    .replace(small.configuration(), deep.toString())
                    .split(" ")));
    assertEquals(1, run.exitCode(), run::err);
    assertEquals(1, run.errLines().size(), run::err);
    assertTrue(run.err().contains("failed: StackOverflowError"), run::err);
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

  @ParameterizedTest
  @CsvSource({"nothing, no column", "latent, array<float>", "'kind,kind', named twice"})
  void partitionsThatAreNone(String columns, String problem) {
    small
        .refused(scoring + path("partitions"), "--keep", "kind", "--partition-by", columns)
        .names("--partition-by " + columns, problem);
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
