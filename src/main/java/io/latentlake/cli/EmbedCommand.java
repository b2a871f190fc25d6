package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.Charts;
import io.latentlake.report.Pictures;
import io.latentlake.score.Embedding;
import io.latentlake.score.LatentMap;
import io.latentlake.score.TableJob;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "embed",
    description = "Gives every row of a table its latent, and draws a map of them.",
    mixinStandardHelpOptions = true)
final class EmbedCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;
  @Mixin private OutputOptions output;
  @Mixin private LayoutOptions layout;

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description = "A map of the latents' first two principal components.")
  private Optional<String> picture;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "A kept column whose values get colours on the map.")
  private Optional<String> label;

  @Override
  public Integer call() throws IOException {
    if (label.isPresent() && picture.isEmpty()) {
      throw new InvalidInputException(
          "--label %s: colours the map, but there is none without --out FILE.png"
              .formatted(label.get()));
    }
    if (picture.isPresent() && layout.format() == Format.CSV) {
      throw new InvalidInputException(
          "--out %s: a map needs latents, which CSV holds as text; leave it out, or use --output-format parquet"
              .formatted(picture.get()));
    }
    try (var session = Session.open("embed", main.verbose);
        var to = output.open(session, table, model, layout.format())) {
      picture.ifPresent(file -> FileSystems.requireWritable(file, session.hadoop()));
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      NamedTable rows = table.open(session.spark(), trained);
      PrintWriter out = command.commandLine().getOut();
      TableJob.Request request = output.request(rows, trained, layout, out);
      if (picture.isPresent()) {
        LatentMap.requireDrawable(trained, request, label);
      }
      TableJob.Result result = new Embedding(session.spark(), trained).run(request, to);
      output.report("Embedded", result, to, out);
      picture.ifPresent(
          file -> {
            LatentMap map =
                LatentMap.of(
                    ScoredTables.open(session.spark(), output.output, layout.format().label()),
                    label);
            FileSystems.write(file, Pictures.png(Charts.map(map)), session.hadoop());
            out.printf(
                Locale.ROOT,
                "The map %s shows %.0f %% of the latents' variance%n",
                file,
                100 * map.explained());
            out.flush();
          });
      Metrics.of(result, table.read(rows.version()))
          .report(main.log, output.metrics, session.hadoop());
    }
    return 0;
  }
}
