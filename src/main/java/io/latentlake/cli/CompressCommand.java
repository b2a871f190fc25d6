package io.latentlake.cli;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.CompressedTable;
import io.latentlake.score.Compression;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "compress",
    description = "Keeps of every row its latent alone, in a few bits: a lossy compression.",
    mixinStandardHelpOptions = true)
final class CompressCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;
  @Mixin private OutputOptions output;

  @Option(
      names = "--bits",
      defaultValue = "8",
      description = "Bits a latent dimension, 1 to 16 (default: ${DEFAULT-VALUE}).")
  private int bits;

  @Override
  public Integer call() throws IOException {
    try (var session = Session.open("compress", main.verbose);
        var folder = output.staged(session, table, model)) {
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      trained.requireNoCondition("compress");
      NamedTable rows = table.open(session.spark(), trained);
      Compression.Result result =
          new Compression(session.spark(), trained, bits)
              .run(output.request(rows, trained), folder);
      PrintWriter out = command.commandLine().getOut();
      output.report("Compressed", result.job(), folder, out);
      print(result.document().costs(), out);
      Metrics.of(result.job(), table.read(rows.version()))
          .with(result.document().costs())
          .report(main.log, output.metrics, session.hadoop());
    }
    return 0;
  }

  private static void print(CompressedTable.Costs costs, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "Rate        %d bits a row instead of %,d (%.1f times fewer)%n"
            + "Distortion  mean squared error %.5f a feature (%.5f without rounding), %.3f nats a row"
            + " by rounding%n",
        costs.bitsPerRow(),
        costs.originalBitsPerRow(),
        (double) costs.originalBitsPerRow() / costs.bitsPerRow(),
        costs.squaredError(),
        costs.squaredErrorOfLatents(),
        costs.extraNats());
    out.flush();
  }
}
