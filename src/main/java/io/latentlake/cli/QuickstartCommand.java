package io.latentlake.cli;

import io.latentlake.data.BundledSet;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TableReader;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.Charts;
import io.latentlake.report.Pictures;
import io.latentlake.report.TaskClock;
import io.latentlake.score.Evaluation;
import io.latentlake.score.OnBadRow;
import io.latentlake.score.ScoreColumns;
import io.latentlake.score.ScoringJob;
import io.latentlake.score.TableJob;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Recovery;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingRequest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "quickstart",
    description =
        "Trains on MNIST, scores a lake of MNIST and Fashion-MNIST, and shows that the model finds"
            + " the clothes among the digits.",
    mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
  private static final String METRICS = "metrics.json";
  private static final String DATASET = "dataset";

  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Option(
      names = "--epochs",
      defaultValue = "20",
      description = "Passes over the training rows (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(names = "--rows", description = "Train on the first so many rows only.")
  private Optional<Integer> rows;

  @Option(
      names = "--out",
      defaultValue = "./latentlake-out",
      paramLabel = "DIR",
      description = "Where everything goes (default: ${DEFAULT-VALUE}).")
  private String out;

  @Option(names = "--overwrite", description = "Use a folder that holds other things.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    try (var session = Session.open("quickstart", main.verbose)) {
      requireOwnFolder(session);
      PrintWriter console = command.commandLine().getOut();
      NamedTable test = bundled(session, BundledSet.MNIST_TEST);

      Trainer.Result trained = train(session, test);
      TrainedVae model = trained.model();
      console.println("Writing a lake of digits and clothes, and scoring it");
      console.flush();
      writeLake(session, test);
      TableJob.Result scoring = score(session, model);
      Dataset<Row> scores = session.spark().read().parquet(at("scores"));
      Evaluation evaluation =
          Evaluation.of(scores, DATASET, BundledSet.FASHION_MNIST_TEST.dataset());
      draw(session, trained, scores);
      NamedTable table = table(session);
      reports(session)
          .ofTraining(
              model, trained.history(), table, List.of("--input", table.name()), at("model"));
      Metrics.of(trained.history(), model, scoring, evaluation)
          .report(main.log, Optional.of(at(METRICS)), session.hadoop());
      summarize(trained, scoring, evaluation, console);
    }
    return 0;
  }

  private String at(String name) {
    return out + "/" + name;
  }

  /** An earlier quickstart's folder is used again; nobody else's is written into. */
  private void requireOwnFolder(Session session) throws IOException {
    var folder = new Path(out);
    var files = FileSystems.of(folder, session.hadoop());
    boolean used = files.exists(folder) && files.listStatus(folder).length > 0;
    if (used && !overwrite && !files.exists(new Path(folder, METRICS))) {
      throw new InvalidInputException(
          out
              + ": holds something else than a finished quickstart; give another --out, or"
              + " --overwrite");
    }
    files.delete(new Path(folder, METRICS), false);
  }

  private static NamedTable bundled(Session session, BundledSet set) {
    Dataset<Row> table = TableReader.read(session.spark(), set.specification(), Format.PARQUET);
    return new NamedTable(set.specification(), table);
  }

  private NamedTable table(Session session) {
    NamedTable whole = bundled(session, BundledSet.MNIST_TRAIN);
    Dataset<Row> first =
        rows.map(n -> whole.rows().where(functions.col("index").lt(n))).orElse(whole.rows());
    return new NamedTable(whole.name(), first);
  }

  private Trainer.Result train(Session session, NamedTable test) throws IOException {
    NamedTable table = table(session);
    Configuration configuration =
        Configuration.parse("", "options", Map.of("train.epochs", epochs));
    FeaturePlan plan = FeaturePlanner.plan(table.rows(), List.of(TableReader.IMAGE), table.name());
    try (var folder = StagedFolder.create(at("model"), true, session.hadoop())) {
      PrintWriter console = command.commandLine().getOut();
      var recovery = Recovery.none(TrainingRequest.of(configuration, Map.of()));
      return Training.run(
          session,
          configuration,
          plan,
          table,
          Optional.of(test),
          folder,
          recovery,
          new ConsoleProgress(console).and(main.log));
    }
  }

  private void writeLake(Session session, NamedTable test) throws IOException {
    try (var folder = StagedFolder.create(at("lake"), true, session.hadoop())) {
      test.rows()
          .unionByName(bundled(session, BundledSet.FASHION_MNIST_TEST).rows())
          .write()
          .mode("append")
          .parquet(folder.path().toString());
      folder.commit();
    }
  }

  private TableJob.Result score(Session session, TrainedVae model) throws IOException {
    try (var folder = StagedFolder.create(at("scores"), true, session.hadoop());
        var clock = new TaskClock(session.spark().sparkContext())) {
      var request =
          new TableJob.Request(
              at("lake"),
              TableReader.read(session.spark(), at("lake"), Format.PARQUET),
              List.of("index", "label", DATASET),
              Format.PARQUET,
              OnBadRow.REJECT);
      TableJob.Result result = new ScoringJob(session.spark(), model).run(request, folder);
      reports(session).ofScoring(model, at("model"), request, result, clock, at("scores"));
      return result;
    }
  }

  private RunReports reports(Session session) {
    return new RunReports(session, main.verbose, main.log, command.commandLine().getErr());
  }

  private void draw(Session session, Trainer.Result trained, Dataset<Row> scores) {
    TrainedVae model = trained.model();
    List<NamedTable> shown =
        List.of(
            bundled(session, BundledSet.MNIST_TEST),
            bundled(session, BundledSet.FASHION_MNIST_TEST));
    write(session, "reconstructions.png", ReconstructCommand.draw(model, shown, 16));
    write(session, "samples.png", GenerateCommand.draw(model, 64, 1));
    write(session, "loss.png", Charts.loss(trained.history()));
    write(
        session,
        "scores.png",
        Charts.scores(
            "MNIST",
            raw(scores, BundledSet.MNIST_TEST),
            "Fashion-MNIST",
            raw(scores, BundledSet.FASHION_MNIST_TEST),
            model.requireCalibration().threshold()));
  }

  private void write(Session session, String name, BufferedImage picture) {
    FileSystems.write(at(name), Pictures.png(picture), session.hadoop());
  }

  private static double[] raw(Dataset<Row> scores, BundledSet set) {
    return scores
        .where(functions.col(DATASET).equalTo(set.dataset()))
        .select(ScoreColumns.RAW_SCORE)
        .as(Encoders.DOUBLE())
        .collectAsList()
        .stream()
        .mapToDouble(error -> error)
        .toArray();
  }

  private void summarize(
      Trainer.Result trained, TableJob.Result scoring, Evaluation evaluation, PrintWriter console) {
    console.printf(
        Locale.ROOT,
        "%nTest loss   %.2f nats (−ELBO, MNIST's test part)%n"
            + "AUROC       %.4f (Fashion-MNIST against MNIST; AUPRC %.4f)%n"
            + "Training    %,.0f rows/s%n"
            + "Scoring     %,.0f rows/s (%,d rows, Parquet to Parquet)%n%n"
            + "%s/%n"
            + "  model/               the model; 'inspect --model %s' tells what it is%n"
            + "  model/report.html    its report, to open in a browser%n"
            + "  lake/                the table that was scored%n"
            + "  scores/              its scores and embeddings; _report.html is their report%n"
            + "  metrics.json         the figures above, and every epoch's%n"
            + "  loss.png  scores.png  reconstructions.png  samples.png%n",
        trained.history().last().validation().loss(),
        evaluation.auroc(),
        evaluation.auprc(),
        trained.history().rowsPerSecond(trained.model().provenance().rows()),
        scoring.rowsPerSecond(),
        scoring.counts().scored(),
        out,
        at("model"));
    console.flush();
  }
}
