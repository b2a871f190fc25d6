package io.latentlake.ml;

import io.latentlake.data.ColumnPath;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.ScoreColumns;
import io.latentlake.score.ScoreFunction;
import io.latentlake.score.SharedModel;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.ApplyFunctionExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Models as SQL functions: {@code SELECT id, latentlake_score(features) FROM orders}, and for a
 * model of a table's own columns {@code SELECT id, latentlake_score(struct(*)) FROM orders}.
 *
 * <p>A function is called row by row: {@link LatentLakeModel#transform} gives the same scores from
 * batches, twice as fast, and is what to take for a table; the function is for a query that looks
 * at some rows.
 */
public final class LatentLakeFunctions {
  private LatentLakeFunctions() {}

  /**
   * Registers a model's anomaly score as a temporary function of the session.
   *
   * @param name what SQL calls it
   * @param folder the model's, on any file system that Hadoop knows
   * @throws InvalidInputException when there is no model, or it is damaged
   */
  public static void register(SparkSession spark, String name, String folder) {
    register(spark, name, folder, ScoreColumns.ANOMALY_SCORE);
  }

  /**
   * The same with another score.
   *
   * @param score one of {@link ScoreColumns}, such as {@code elbo} or {@code latent}
   * @throws InvalidInputException when there is no such score, no model, or a damaged one
   */
  public static void register(SparkSession spark, String name, String folder, String score) {
    ScoreColumns.requireScore(score);
    TrainedVae model = ModelFolder.read(folder, spark.sessionState().newHadoopConf());
    requireOneThreshold(score, model, folder);
    var shared = new SharedModel(model);
    Function1<Seq<Expression>, Expression> builder =
        arguments -> {
          Seq<Expression> columns = columns(name, model.encoder(), arguments);
          StructType types = named(name, model.encoder(), columns);
          var function = new ScoreFunction(name, shared.on(spark), model.encoder(), types, score);
          return new ApplyFunctionExpression(function, columns);
        };
    spark.sessionState().functionRegistry().createOrReplaceTempFunction(name, builder, "java_udf");
  }

  private static void requireOneThreshold(String score, TrainedVae model, String folder) {
    boolean segmented = model.requireCalibration().segments().isPresent();
    if (segmented && score.equals(ScoreColumns.IS_ANOMALY)) {
      throw new InvalidInputException(
          "%s: the model has thresholds by segment, which a function of its columns can't tell; use LatentLakeModel.transform"
              .formatted(folder));
    }
  }

  /** The arguments; where it is one struct for a model of other columns, its fields by name. */
  private static Seq<Expression> columns(
      String function, RowEncoder encoder, Seq<Expression> arguments) {
    boolean struct = arguments.size() == 1 && arguments.head().dataType() instanceof StructType;
    if (!struct) {
      return arguments;
    }
    Expression row = arguments.head();
    var type = (StructType) row.dataType();
    encoder.plan().validate(type, function);
    List<Expression> fields =
        encoder.plan().inputs().stream().map(name -> ColumnPath.field(row, name)).toList();
    return JavaConverters.asScalaBuffer(fields).toList();
  }

  /** The arguments under the names of the model's columns. */
  private static StructType named(String function, RowEncoder encoder, Seq<Expression> arguments) {
    List<Expression> given = JavaConverters.seqAsJavaList(arguments);
    List<String> names = encoder.plan().inputs();
    if (given.size() != names.size()) {
      throw new InvalidInputException(
          "%s: %d arguments; the model reads %d: %s"
              .formatted(function, given.size(), names.size(), String.join(", ", names)));
    }
    var types = new StructType();
    for (int i = 0; i < names.size(); i++) {
      types = types.add(names.get(i), given.get(i).dataType());
    }
    encoder.plan().validate(types, function);
    return types;
  }
}
