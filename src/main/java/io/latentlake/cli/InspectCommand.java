package io.latentlake.cli;

import io.latentlake.data.ClassColumn;
import io.latentlake.data.Condition;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FileSystems;
import io.latentlake.model.Calibration;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.Provenance;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.AutoCount;
import io.latentlake.spec.Json;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.NetworkSpec;
import io.latentlake.spec.TrainSpec;
import io.latentlake.spec.VaeSpec;
import io.latentlake.train.History;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    description = "Says what a model is, in plain words.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;

  @Option(
      names = "--configuration",
      description =
          "Print the whole configuration that it was trained with, all resolved, in a form that --config"
              + " reads, and nothing else.")
  private boolean configuration;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    // No Spark session, only its settings for Hadoop: the file system's keys may be among them.
    var hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    TrainedVae trained = ModelFolder.read(model.folder(), hadoop);
    if (configuration) {
      out.println(trained.configuration().toText());
      out.flush();
      return 0;
    }
    network(trained, out);
    training(trained, out);
    out.printf("In scored rows its model_id is %s.%n", ModelFolder.id(trained));
    var folder = new Path(model.folder());
    History.stopReason(FileSystems.of(folder, hadoop), folder)
        .ifPresent(reason -> out.printf("It stopped early: %s.%n", reason));
    calibration(trained, out);
    out.flush();
    return 0;
  }

  private static void network(TrainedVae trained, PrintWriter out) {
    VaeSpec spec = trained.configuration().model();
    out.printf(
        Locale.ROOT,
        "A '%s' with %,d weights: %d features, encoder %s, %d latent dimensions, decoder %s, %s.%n",
        spec.variant(),
        trained.parameterCount(),
        trained.features().shape().features(),
        spec.encoder(),
        spec.latent(),
        spec.decoder(),
        label(spec.activation()));
    hiddenLayers(spec.network(), out);
    out.printf("Its likelihood is %s. Its features:%n", likelihood(spec.likelihood()));
    PlanTable.print(trained.features(), out);
    Condition condition = trained.features().condition();
    for (ClassColumn given : condition.classes()) {
      out.printf("It is given %s, one of %s.%n", given.name(), given.levels());
    }
    for (FeatureColumn given : condition.numbers()) {
      out.printf("It is given %s.%n", column(given));
    }
  }

  private static String likelihood(LikelihoodSpec likelihood) {
    String groups =
        likelihood.groups().stream()
            .map(group -> "%s of %d".formatted(label(group.family()), group.width()))
            .collect(Collectors.joining(", "));
    String family = label(likelihood.family());
    return groups.isEmpty() ? family : family + " (" + groups + ")";
  }

  private static void hiddenLayers(NetworkSpec spec, PrintWriter out) {
    if (spec.kind() == NetworkSpec.Kind.CONVOLUTIONAL) {
      out.printf(
          "Around these stand convolutions of %s channels, over images of %s.%n",
          spec.channels(), spec.image());
    }
    if (spec.normalization() != NetworkSpec.Normalization.NONE || spec.dropout() > 0) {
      out.printf(
          "Normalization of its hidden layers: %s; dropout: %s.%n",
          label(spec.normalization()), spec.dropout());
    }
  }

  private static String column(FeatureColumn column) {
    return "%s (%s, %d)".formatted(column.name(), label(column.kind()), column.width());
  }

  private static void training(TrainedVae trained, PrintWriter out) {
    Provenance provenance = trained.provenance();
    TrainSpec spec = trained.configuration().train();
    out.printf(
        Locale.ROOT,
        "Trained on %,d rows of %s (%,d could not be used), %s, by LatentLake %s on Spark %s:%n",
        provenance.rows(),
        provenance.input(),
        provenance.rejectedRows(),
        provenance.created(),
        provenance.latentlake(),
        provenance.spark());
    out.printf(
        Locale.ROOT,
        "%d epochs, %d workers, batches of %d, averaged %s, %s at %.4g, seed %d.%n",
        spec.epochs(),
        spec.workers(),
        spec.batchSize(),
        averaged(spec.averagingFrequency()),
        label(spec.updater().kind()),
        spec.updater().learningRate(),
        spec.seed());
    if (provenance.content() != null) {
      out.printf(
          "Then ran DL4J %s on Java %s. The rows' hash was %s, the table's columns: %s.%n",
          provenance.dl4j(),
          provenance.java(),
          provenance.content(),
          String.join(", ", provenance.columns()));
    }
  }

  private static String averaged(int frequency) {
    return frequency == AutoCount.AUTO
        ? "at a measured frequency"
        : "every %d minibatches".formatted(frequency);
  }

  private static void calibration(TrainedVae trained, PrintWriter out) {
    Calibration calibration = trained.requireCalibration();
    out.printf(
        Locale.ROOT,
        "A row's score is its %s; past %.2f it is an anomaly, %s.%n",
        label(trained.configuration().score().kind()),
        calibration.threshold(),
        calibration
            .chosen()
            .map(chosen -> "which was " + chosen.reason())
            .orElse(byContamination(calibration)));
    calibration.segments().ifPresent(by -> segments(by, out));
  }

  private static void segments(SegmentThresholds by, PrintWriter out) {
    out.println(by.scope() + ":");
    for (SegmentThresholds.Segment segment : by.segments()) {
      out.printf(
          Locale.ROOT,
          "  %-24s %.6g, %s, of %,d rows%n",
          segment.value(),
          segment.threshold().score(),
          segment.threshold().reason(),
          segment.rows());
    }
  }

  private static String byContamination(Calibration calibration) {
    return "as %s %% of the training rows are".formatted(100 * calibration.contamination());
  }

  private static String label(Enum<?> constant) {
    return Json.MAPPER.convertValue(constant, String.class);
  }
}
