package io.latentlake.cli;

import io.latentlake.cluster.Sizing;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.RowShape;
import io.latentlake.variant.Variants;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.network.util.JavaUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latentlake size}. */
@Command(
    name = "size",
    description =
        "Says how much memory and how many cores to ask a cluster for, as a file for spark-submit's"
            + " --properties-file.",
    mixinStandardHelpOptions = true)
final class SizeCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private TrainOptions settings;

  @Option(names = "--rows", required = true, description = "Rows of the table.")
  private long rows;

  @Option(
      names = "--features",
      required = true,
      description = "Numbers a row, as 'inspect' shows: a level or a pixel is one.")
  private int features;

  @Option(names = "--executors", required = true, description = "How many there are to be.")
  private int executors;

  @Option(
      names = "--cores",
      defaultValue = "4",
      description = "Cores of each, and so tasks (default: ${DEFAULT-VALUE}).")
  private int cores;

  @Option(
      names = "--bytes",
      description = "The features are bytes, as pixels are, and are kept so.")
  private boolean bytes;

  @Option(
      names = "--largest-heap",
      defaultValue = "32g",
      paramLabel = "SIZE",
      description =
          "The largest heap that the cluster gives an executor (default: ${DEFAULT-VALUE}).")
  private String largestHeap;

  @Override
  public Integer call() {
    var hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    Configuration configuration = settings.configuration(hadoop);
    long parameters = Variants.parameterCount(configuration.model(), RowShape.of(features));
    var job =
        new Sizing.Job(
            rows, features, bytes ? 1 : Float.BYTES, parameters, executors, cores, largestHeap());
    print(job, Sizing.of(job), command.commandLine().getOut());
    return 0;
  }

  private long largestHeap() {
    try {
      return JavaUtils.byteStringAsBytes(largestHeap);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "--largest-heap %s: must be a size such as 32g".formatted(largestHeap), e);
    }
  }

  private static void print(Sizing.Job job, Sizing size, PrintWriter out) {
    String shard = Sizing.mebibytes(size.shard());
    out.printf(
        Locale.ROOT,
        """
        # %,d rows of %,d numbers, a network of %,d weights, %d workers: each a task that trains a replica on one core.
        spark.executor.instances           %d
        spark.executor.cores               %d
        # A standalone cluster counts cores, not executors, and would give the job all it has.
        spark.cores.max                    %d
        spark.task.cpus                    1
        # As many OpenMP threads as a task has cores, or tasks fight for them.
        spark.executorEnv.OMP_NUM_THREADS  1
        # %s
        spark.executor.memory              %s
        # Java and native libraries, weights, gradients and batches: outside the heap.
        spark.executor.memoryOverhead      %s
        # Native memory is refused, with an error, before the container is full and killed.
        spark.executor.extraJavaOptions    -Dorg.bytedeco.javacpp.maxbytes=%s -Dorg.bytedeco.javacpp.maxphysicalbytes=%s
        # The workers' results of a round.
        spark.driver.memory                %s
        """,
        job.rows(),
        job.features(),
        job.parameters(),
        job.workers(),
        job.executors(),
        job.cores(),
        job.workers(),
        size.inMemory()
            ? "Each worker's shard, %s, stays in memory.".formatted(shard)
            : "Each worker's shard, %s, streams from the executor's disk (spark.local.dir)."
                .formatted(shard),
        Sizing.mebibytes(size.heap()),
        Sizing.mebibytes(size.overhead()),
        Sizing.mebibytes(size.overhead()),
        Sizing.mebibytes(size.heap() + size.overhead()),
        Sizing.mebibytes(size.driverHeap()));
    out.flush();
  }
}
