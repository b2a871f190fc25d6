package io.latentlake.score;

import io.latentlake.data.MalformedRecords;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.StructType;

/** The columns that scoring adds: names and types, in their order. */
public final class ScoreColumns {
  /** −log p(x | z = μ(x)), nats. */
  public static final String RECONSTRUCTION_ERROR = "reconstruction_error";

  /** Σ(x − x̂)². */
  public static final String SQUARED_ERROR = "squared_error";

  /** KL(q(z|x) ‖ p(z)), nats. */
  public static final String KL = "kl";

  /** −reconstruction_error − kl, nats. */
  public static final String ELBO = "elbo";

  /** What the anomaly score is the rank of: the model's {@code score.kind}. */
  public static final String RAW_SCORE = "raw_score";

  /** Share of the training rows whose raw score is at most this row's, 0 to 1. */
  public static final String ANOMALY_SCORE = "anomaly_score";

  /** Whether the raw score is past the model's threshold. */
  public static final String IS_ANOMALY = "is_anomaly";

  /** μ(x). */
  public static final String LATENT = "latent";

  /** The columns that the deviance comes from; where reasons are asked for. */
  public static final String REASONS = "reasons";

  /** Which model scored the row: {@link io.latentlake.model.ModelFolder#id}. */
  public static final String MODEL_ID = "model_id";

  /** When the scoring run began. */
  public static final String SCORED_AT = "scored_at";

  /**
   * Why a row was not scored, a {@link io.latentlake.data.RejectReason}; in rejected rows alone.
   */
  public static final String REJECTION_REASON = "rejection_reason";

  /** What a scored row gets. */
  static final StructType SCHEMA =
      new StructType()
          .add(RECONSTRUCTION_ERROR, DataTypes.DoubleType, false)
          .add(SQUARED_ERROR, DataTypes.DoubleType, false)
          .add(KL, DataTypes.DoubleType, false)
          .add(ELBO, DataTypes.DoubleType, false)
          .add(RAW_SCORE, DataTypes.DoubleType, false)
          .add(ANOMALY_SCORE, DataTypes.DoubleType, false)
          .add(IS_ANOMALY, DataTypes.BooleanType, false)
          .add(LATENT, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  /** What a scored row gets with reasons. */
  static final StructType EXPLAINED =
      SCHEMA.add(REASONS, DataTypes.createArrayType(Reasons.TYPE, false), false);

  /** Those that are arrays. */
  static final List<String> ARRAYS = List.of(LATENT, REASONS);

  /** What a row that was not scored gets instead. */
  static final StructType REJECTED =
      new StructType().add(REJECTION_REASON, DataTypes.StringType, false);

  /** What a scored table has behind its scores. */
  public static final StructType ORIGIN =
      new StructType()
          .add(MODEL_ID, DataTypes.StringType, false)
          .add(SCORED_AT, DataTypes.TimestampType, false);

  private ScoreColumns() {}

  /** What a table's scored rows get: scores, and where they come from. */
  static StructType withOrigin(StructType scores) {
    StructType columns = scores;
    for (var field : ORIGIN.fields()) {
      columns = columns.add(field);
    }
    return columns;
  }

  /** Whether scoring adds a column of that name, and no input has it. */
  public static boolean isAdded(String name) {
    return List.of(withOrigin(EXPLAINED).fieldNames()).contains(name);
  }

  /**
   * Checks a score's name.
   *
   * @throws InvalidInputException when there is none of that name
   */
  public static void requireScore(String name) {
    if (!List.of(SCHEMA.fieldNames()).contains(name)) {
      throw new InvalidInputException(
          "score %s: must be one of %s".formatted(name, String.join(", ", SCHEMA.fieldNames())));
    }
  }

  /** Paths, as Parquet names them, of the fractions among added columns. */
  static List<String> fractions(StructType added) {
    return Arrays.stream(added.fields())
        .filter(field -> isFraction(field.dataType()) || isFractions(field.dataType()))
        .map(f -> isFractions(f.dataType()) ? f.name() + ".list.element" : f.name())
        .toList();
  }

  private static boolean isFraction(DataType type) {
    return type instanceof FractionalType;
  }

  private static boolean isFractions(DataType type) {
    return type instanceof ArrayType array && isFraction(array.elementType());
  }

  /**
   * The written table's columns.
   *
   * @param kept columns of the input that go along
   * @param added columns behind them
   * @throws InvalidInputException when one is missing or has the name of an added one
   */
  static StructType withKept(StructType input, List<String> kept, StructType added, String what) {
    for (String name : kept) {
      if (!List.of(input.fieldNames()).contains(name)) {
        throw new InvalidInputException(
            "%s: no column '%s' to keep; its columns are %s"
                .formatted(
                    what, name, String.join(", ", MalformedRecords.without(input).fieldNames())));
      }
      // Spark's column names don't distinguish cases, unless it is told to.
      if (Arrays.stream(added.fieldNames()).anyMatch(name::equalsIgnoreCase)) {
        throw new InvalidInputException(
            "%s: column '%s' can't be kept, a score has that name; leave it out of --keep"
                .formatted(what, name));
      }
    }
    return joined(input, kept, added);
  }

  /** The columns of rows that were not scored. */
  static StructType rejected(StructType input, List<String> kept) {
    return joined(input, kept, REJECTED);
  }

  private static StructType joined(StructType input, List<String> kept, StructType added) {
    var schema = new StructType();
    for (String name : kept) {
      schema = schema.add(input.apply(name));
    }
    for (var field : added.fields()) {
      schema = schema.add(field);
    }
    return schema;
  }
}
