package io.latentlake.score;

import io.latentlake.data.BatchOutputs;
import io.latentlake.data.TableOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Scores what is new in a table since the run before, in batches: Spark's Structured Streaming, run
 * until nothing is left. Spark notes which files a batch has before it is read, and that it is done
 * when its output is there. A run that dies in between leaves a batch that the next one does again,
 * with the same rows and under the same number, so that {@link BatchOutputs} can see to it that it
 * is there once.
 */
public final class IncrementalJob {
  private final SparkSession spark;
  private final ScoringJob job;

  /**
   * A job.
   *
   * @param job that scores each batch
   */
  public IncrementalJob(SparkSession spark, ScoringJob job) {
    this.spark = spark;
    this.job = job;
  }

  /**
   * What was done.
   *
   * @param rows of all batches; the seconds from the start to the end of the stream
   * @param batches that had something new
   * @param end how far the stream came, as its source writes it; empty where Spark doesn't tell
   */
  public record Result(TableJob.Result rows, long batches, Optional<String> end) {}

  /**
   * Checks that a table, as it is now, can be scored so.
   *
   * @throws io.latentlake.spec.InvalidInputException when it doesn't fit the model or the layout
   */
  public void requireFit(TableJob.Request request) {
    job.requireFit(request);
  }

  /**
   * Scores what is new.
   *
   * @param request what {@link #requireFit} found right
   * @param stream its table as a stream
   * @throws StreamingQueryException when a batch failed; its cause says why. Those before it stay
   */
  public Result run(
      TableJob.Request request, Dataset<Row> stream, Checkpoint checkpoint, BatchOutputs outputs)
      throws StreamingQueryException, TimeoutException {
    checkpoint.pin(spark.sessionState().newHadoopConf());
    outputs.prepare();
    var counts = new RowCounts();
    var batches = new AtomicLong();
    VoidFunction2<Dataset<Row>, Long> score =
        (rows, batch) -> {
          counts.add(write(request.of(rows), outputs, batch).counts());
          batches.incrementAndGet();
        };
    long start = System.nanoTime();
    StreamingQuery query =
        stream
            .writeStream()
            .option("checkpointLocation", checkpoint.folder())
            .trigger(Trigger.AvailableNow())
            .foreachBatch(score)
            .start();
    query.awaitTermination();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Result(new TableJob.Result(counts, seconds), batches.get(), end(query));
  }

  private static Optional<String> end(StreamingQuery query) {
    return Optional.ofNullable(query.lastProgress())
        .flatMap(progress -> Stream.of(progress.sources()).findFirst())
        .map(SourceProgress::endOffset);
  }

  private TableJob.Result write(TableJob.Request batch, BatchOutputs outputs, long number)
      throws IOException {
    try (TableOutput output = outputs.of(number)) {
      return job.runPart(batch, output);
    }
  }
}
