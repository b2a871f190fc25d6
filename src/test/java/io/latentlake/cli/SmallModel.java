package io.latentlake.cli;

import io.latentlake.SmallTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model of {@link SmallTables#numbers}, trained by the command line.
 *
 * @param folder where all of it is
 * @param table what it was trained on, as Parquet
 * @param configuration its configuration file
 * @param model its folder
 */
record SmallModel(Path folder, String table, String configuration, String model) {
  static final int ROWS = 200;

  /** Trains it, into a folder that exists. */
  static SmallModel train(Path folder, String... more) throws IOException {
    var small =
        new SmallModel(
            folder,
            SmallTables.parquet(SmallTables.numbers(ROWS), folder.resolve("numbers")),
            folder.resolve("numbers.conf").toString(),
            folder.resolve("model").toString());
    Files.writeString(Path.of(small.configuration), SmallTables.NUMBERS_CONFIGURATION);
    small.run(small.training() + " --model " + small.model, more);
    return small;
  }

  /** The command that trains on its table, but for the model's folder. */
  String training() {
    return "train --input %s --features left,right --config %s".formatted(table, configuration);
  }

  /** Runs a command that must succeed: words, and arguments behind them. */
  CommandRun run(String words, String... more) {
    return CommandRun.of(arguments(words, more)).orFail();
  }

  /** A command that must be refused and leave the folder as it was. */
  Refusal refused(String words, String... more) {
    return Refusal.of(folder, arguments(words, more));
  }

  private static List<String> arguments(String words, String... more) {
    return Stream.concat(Stream.of(words.split(" ")), Stream.of(more)).toList();
  }
}
