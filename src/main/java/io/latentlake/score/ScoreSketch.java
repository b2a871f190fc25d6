package io.latentlake.score;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.req.ReqSketch;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * A sketch of scored tables' raw scores, of which sketches can be merged.
 *
 * <p>Not the calibration's kind: that errs by as many rows at every rank, by 476 among 10 million,
 * where an alert budget wants 100. In this one (Cormode, Karnin, Liberty, Thaler and Veselý, arXiv
 * 2004.01668) the error shrinks with the number of rows past a score, and the highest 3,072 are
 * kept. Public because Spark encodes no other class.
 */
public final class ScoreSketch implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Size parameter: some 0.4 MB for 10 million rows. */
  private static final int SIZE = 1024;

  /** How many of the highest scores are kept whatever comes: three sections of a level. */
  static final int EXACT = 3 * SIZE;

  private transient ReqSketch scores =
      ReqSketch.builder().setK(SIZE).setHighRankAccuracy(true).build();

  ScoreSketch() {}

  void add(float score) {
    scores.update(score);
  }

  ScoreSketch merge(ScoreSketch other) {
    scores.merge(other.scores);
    return this;
  }

  byte[] bytes() {
    return scores.toByteArray();
  }

  /**
   * The distribution that {@link #bytes} hold.
   *
   * @throws InvalidInputException when no row had a score
   */
  static ScoreDistribution distribution(byte[] bytes) {
    return ScoreDistribution.of(ReqSketch.heapify(Memory.wrap(bytes)));
  }

  /** The aggregate of a scored table's raw scores: {@link #bytes}; null and NaN are passed over. */
  static Column of(Dataset<Row> scores) {
    requireColumn(scores, ScoreColumns.RAW_SCORE);
    return functions
        .udaf(new Aggregation(), Encoders.DOUBLE())
        .apply(functions.col(ScoreColumns.RAW_SCORE).cast(DataTypes.DoubleType));
  }

  /**
   * A column that scored tables must have.
   *
   * @throws InvalidInputException when they don't
   */
  static Column requireColumn(Dataset<Row> scores, String name) {
    if (!List.of(scores.columns()).contains(name)) {
      throw new InvalidInputException(
          "the scores have no column '%s'; they have %s (score with --keep to take one along)"
              .formatted(name, String.join(", ", scores.columns())));
    }
    return FeaturePlanner.quoted(name);
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    byte[] bytes = bytes();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private void readObject(ObjectInputStream in) throws IOException {
    var bytes = new byte[in.readInt()];
    in.readFully(bytes);
    scores = ReqSketch.heapify(Memory.wrap(bytes));
  }

  private static final class Aggregation extends Aggregator<Double, ScoreSketch, byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public ScoreSketch zero() {
      return new ScoreSketch();
    }

    @Override
    public ScoreSketch reduce(ScoreSketch sketch, Double score) {
      if (score != null) {
        sketch.add(score.floatValue());
      }
      return sketch;
    }

    @Override
    public ScoreSketch merge(ScoreSketch first, ScoreSketch second) {
      return first.merge(second);
    }

    @Override
    public byte[] finish(ScoreSketch sketch) {
      return sketch.bytes();
    }

    @Override
    public Encoder<ScoreSketch> bufferEncoder() {
      return Encoders.javaSerialization(ScoreSketch.class);
    }

    @Override
    public Encoder<byte[]> outputEncoder() {
      return Encoders.BINARY();
    }
  }
}
