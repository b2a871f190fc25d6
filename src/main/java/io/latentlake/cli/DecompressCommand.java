package io.latentlake.cli;

import io.latentlake.data.StagedFolder;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Decompression;
import io.latentlake.score.TableJob;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "decompress",
    description = "Makes rows again of what 'compress' kept.",
    mixinStandardHelpOptions = true)
final class DecompressCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "DIR",
      description = "A folder that 'compress' wrote.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the rows go, as Parquet.")
  private String output;

  @Option(names = "--overwrite", description = "Replace an output folder that is there.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    try (var session = Session.open("decompress", main.verbose);
        var folder =
            StagedFolder.create(
                output, overwrite, List.of(input, model.folder()), session.hadoop())) {
      TrainedVae trained = ModelFolder.read(model.folder(), session.hadoop());
      trained.requireNoCondition("decompress");
      TableJob.Result result = new Decompression(session.spark(), trained).run(input, folder);
      OutputOptions.report("Decompressed", result, output, command.commandLine().getOut());
    }
    return 0;
  }
}
