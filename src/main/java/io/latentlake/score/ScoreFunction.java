package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.TrainedVae;
import java.util.Arrays;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * One of a row's scores as a function in Spark's plan; null where the row can't be scored. Its
 * arguments are the model's columns. Calls are row by row.
 */
public final class ScoreFunction implements ScalarFunction<Object> {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final Broadcast<TrainedVae> model;
  private final RowEncoder encoder;
  private final StructType arguments;
  private final int score;

  /** Of the task that calls, which has a copy of this object; closed with the task. */
  private transient SingleRow scorer;

  private transient BoundEncoder bound;

  /**
   * A function.
   *
   * @param name what SQL calls it
   * @param model with its copies on the executors
   * @param arguments the columns that the encoder reads, of these types
   * @param score one of {@link ScoreColumns}
   */
  public ScoreFunction(
      String name,
      Broadcast<TrainedVae> model,
      RowEncoder encoder,
      StructType arguments,
      String score) {
    this.name = name;
    this.model = model;
    this.encoder = encoder;
    this.arguments = arguments;
    this.score = SingleRow.columns().fieldIndex(score);
  }

  @Override
  public DataType[] inputTypes() {
    return Arrays.stream(arguments.fields()).map(f -> f.dataType()).toArray(DataType[]::new);
  }

  @Override
  public DataType resultType() {
    return SingleRow.columns().fields()[score].dataType();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Object produceResult(InternalRow row) {
    TaskContext task = TaskContext.get();
    if (task == null) { // Spark folds a constant on the driver.
      try (var once = new SingleRow(model.value())) {
        return score(once, encoder.bind(arguments), row);
      }
    }
    if (scorer == null) {
      open(task);
    }
    return score(scorer, bound, row);
  }

  private void open(TaskContext task) {
    scorer = new SingleRow(model.value());
    bound = encoder.bind(arguments);
    TaskCompletionListener closing = context -> close();
    task.addTaskCompletionListener(closing);
  }

  private void close() {
    scorer.close();
    scorer = null;
  }

  private Object score(SingleRow with, BoundEncoder reader, InternalRow row) {
    return reader.encode(row, with.staging(), 0).isPresent()
        ? null
        : with.score().get(score, resultType());
  }
}
