package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * A model and its copies on the executors, for tables that are scored lazily: nobody knows when the
 * last of them has run, so the copies can't be destroyed behind a job. They are made for the first
 * table, serve all of them, and belong to this object: once it and the tables are garbage, Spark's
 * cleaner removes them everywhere. {@link #unpersist()} frees the executors before.
 */
public final class SharedModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TrainedVae model;
  private transient SparkContext context;
  private transient Broadcast<TrainedVae> copies;

  public SharedModel(TrainedVae model) {
    this.model = model;
  }

  public TrainedVae model() {
    return model;
  }

  /** The copies; new ones where the Spark that had them has been stopped. */
  public synchronized Broadcast<TrainedVae> on(SparkSession spark) {
    if (copies == null || context != spark.sparkContext()) {
      context = spark.sparkContext();
      copies = JavaSparkContext.fromSparkContext(context).broadcast(model);
    }
    return copies;
  }

  /** Frees the executors' copies; a table that runs later brings them there again. */
  public synchronized void unpersist() {
    if (copies != null && !context.isStopped()) {
      copies.unpersist();
    }
  }
}
