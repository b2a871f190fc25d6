package io.latentlake.score;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeatureColumns;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.RowEncoder;
import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Fills a table's gaps: null numbers, elements of arrays and vectors that are null or NaN, and what
 * a mask marks. Observed values stay what they are, to the bit.
 */
public final class Imputation {
  private final SparkSession spark;
  private final TrainedVae model;
  private final Settings settings;

  /** A filling of gaps with a model. */
  public Imputation(SparkSession spark, TrainedVae model, Settings settings) {
    this.spark = spark;
    this.model = model;
    this.settings = settings;
  }

  /**
   * What is missing, and how it is filled in.
   *
   * @param hidden a part of each image that is hidden, so that the truth is known
   * @param maskColumn a column, binary, an array or a vector as wide as the features, that is not 0
   *     where a feature is missing
   * @param rounds how often latents and missing features take turns
   */
  public record Settings(Optional<Hidden> hidden, Optional<String> maskColumn, int rounds) {
    public Settings {
      if (rounds < 1) {
        throw new InvalidInputException("--rounds %d: must be at least 1".formatted(rounds));
      }
      if (hidden.isPresent() && maskColumn.isPresent()) {
        throw new InvalidInputException(
            "--mask-column %s: --mask %s says already what is missing; give one of them"
                .formatted(maskColumn.get(), hidden.get()));
      }
    }
  }

  /**
   * What was done.
   *
   * @param job rows and time
   * @param filled values that were filled in
   * @param errors how far they are from the truth; empty where nothing says what it is
   */
  public record Result(TableJob.Result job, long filled, Optional<Errors> errors) {}

  /**
   * Mean squared errors of a hidden feature.
   *
   * @param imputed of what was filled in
   * @param columnMean of filling in the feature's mean over the table instead
   */
  public record Errors(double imputed, double columnMean) {}

  /**
   * Fills gaps into a staged folder and commits it.
   *
   * @throws InvalidInputException when the table or the model can't be used
   */
  public Result run(TableJob.Request request, TableOutput output) throws IOException {
    new Imputer(model, settings.rounds).close(); // refuses a model here, and not in every task
    FeaturePlan plan = model.features();
    requireColumns(plan, request);
    var columns = new ArrayList<ColumnPlan>(plan.columns());
    settings.maskColumn.ifPresent(name -> columns.add(mask(request, name)));
    var encoder =
        new RowEncoder(new FeaturePlan(columns), model.configuration().model().likelihood())
            .withGaps();
    List<String> keep =
        Stream.concat(request.keep().stream(), plan.names().stream()).distinct().toList();
    boolean[] hidden = settings.hidden.map(part -> part.pixels(plan.width())).orElse(null);
    var recipe = new Recipe(plan, keep, hidden, settings.maskColumn.isPresent(), settings.rounds);
    TableJob.Result result =
        new TableJob(spark, model, encoder, recipe).run(request.keeping(keep), output);
    output.commit();
    return summary(result, hidden);
  }

  private static void requireColumns(FeaturePlan plan, TableJob.Request request) {
    List<String> columns = List.of(request.table().columns());
    for (String name : plan.names()) {
      boolean field = name.contains(".") && !columns.contains(name);
      if (field) {
        throw new InvalidInputException(
            "%s: '%s' is a field of a struct, and gaps are filled in columns alone; give it as a column of that name"
                .formatted(request.name(), name));
      }
    }
  }

  private FeatureColumn mask(TableJob.Request request, String name) {
    FeatureColumn mask =
        FeaturePlanner.plan(request.table(), List.of(name), request.name()).numbers().get(0);
    if (mask.width() != model.features().width()) {
      throw new InvalidInputException(
          "--mask-column %s: has %d values a row, but the model takes %d features; give one for each"
              .formatted(name, mask.width(), model.features().width()));
    }
    return mask;
  }

  private static Result summary(TableJob.Result result, boolean[] hidden) {
    double[] sums = result.counts().sums();
    if (sums.length == 0) {
      return new Result(result, 0, Optional.empty());
    }
    long filled = (long) sums[0];
    if (hidden == null || filled == 0) {
      return new Result(result, filled, Optional.empty());
    }
    double ofMean = 0;
    for (int i = 0; i < hidden.length; i++) {
      if (hidden[i]) {
        double sum = sums[2 + i];
        ofMean += sums[2 + hidden.length + i] - sum * sum / result.counts().scored();
      }
    }
    return new Result(result, filled, Optional.of(new Errors(sums[1] / filled, ofMean / filled)));
  }

  private record Recipe(
      FeaturePlan plan, List<String> order, boolean[] hidden, boolean masked, int rounds)
      implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return RowArrays.SCHEMA;
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new ImputingWork(model, hidden, masked, rounds);
    }

    @Override
    public Dataset<Row> finish(Dataset<Row> table) {
      return FeatureColumns.fill(table, plan, RowArrays.COLUMN, order);
    }
  }
}
