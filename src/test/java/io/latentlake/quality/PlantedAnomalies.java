package io.latentlake.quality;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A table of orders, of numbers that hang together, categories, a flag, a time and gaps, in which
 * some rows are anomalous in one way.
 */
final class PlantedAnomalies {
  /** How a row may be anomalous. */
  enum Kind {
    /** A currency that is usual, in a country that is usual, but never in that one. */
    RARE_PAIR(null),
    /** A weight as other orders have it, but not such as this. */
    BROKEN_CORRELATION("weight"),
    /** A height in another unit. */
    SHIFTED_SCALE("height"),
    /** A few outliers, each in many copies. */
    COPIED_OUTLIERS(null);

    private final String column;

    Kind(String column) {
      this.column = column;
    }

    /** The column that is planted, where it is one by itself. */
    Optional<String> column() {
      return Optional.ofNullable(column);
    }
  }

  private static final String[] COUNTRIES = {"DE", "FR", "GB", "US", "JP", "CH"};
  private static final String[] CURRENCIES = {"EUR", "EUR", "GBP", "USD", "JPY", "CHF"};
  private static final int COPIES = 20;
  private static final StructType SCHEMA =
      new StructType()
          .add("amount", DataTypes.DoubleType, true)
          .add("items", DataTypes.IntegerType, true)
          .add("weight", DataTypes.DoubleType, true)
          .add("height", DataTypes.DoubleType, true)
          .add("volume", DataTypes.DoubleType, true)
          .add("country", DataTypes.StringType, true)
          .add("currency", DataTypes.StringType, true)
          .add("express", DataTypes.BooleanType, true)
          .add("ordered", DataTypes.TimestampType, true)
          .add("anomalous", DataTypes.BooleanType, false);

  private final Random random;
  private final Kind kind;

  private PlantedAnomalies(Kind kind, long seed) {
    this.kind = kind;
    this.random = new Random(seed);
  }

  /** A table of so many rows, of which such a share is anomalous. */
  static Dataset<Row> table(SparkSession spark, Kind kind, int count, double share, long seed) {
    return spark
        .createDataFrame(new PlantedAnomalies(kind, seed).rows(count, share), SCHEMA)
        .repartition(4);
  }

  private List<Row> rows(int count, double share) {
    var rows = new ArrayList<Row>();
    int anomalies = (int) (share * count);
    Object[] outlier = null;
    for (int i = 0; i < count; i++) {
      Object[] row = order();
      if (i < anomalies && kind == Kind.COPIED_OUTLIERS) {
        outlier = i % COPIES == 0 ? outlier(row) : outlier;
        row = outlier;
      } else if (i < anomalies) {
        plant(row);
      }
      Object[] marked = row.clone();
      marked[marked.length - 1] = i < anomalies;
      rows.add(RowFactory.create(marked));
    }
    return rows;
  }

  /** Size and value decide all numbers; the country its currency. */
  private Object[] order() {
    double size = random.nextGaussian();
    double value = random.nextGaussian();
    int country = random.nextInt(COUNTRIES.length);
    long seconds = 1_700_000_000L + random.nextInt(90 * 86_400);
    return new Object[] {
      gap(Math.exp(3 + 0.5 * size + 0.7 * value + noise(0.1))),
      gap((int) Math.round(Math.exp(1.5 + 0.5 * value + noise(0.1)))),
      5 + 2 * size - value + noise(0.2),
      10 + 1.5 * size + noise(0.15),
      gap(Math.pow(10 + 1.5 * size, 2) * (1 + noise(0.03))),
      COUNTRIES[country],
      CURRENCIES[country],
      gap(value + noise(0.3) > 1),
      new Timestamp(1000 * seconds),
      false
    };
  }

  private double noise(double deviation) {
    return deviation * random.nextGaussian();
  }

  /** Null in two of a hundred. */
  private Object gap(Object value) {
    return random.nextInt(50) == 0 ? null : value;
  }

  private void plant(Object[] row) {
    switch (kind) {
      case RARE_PAIR -> row[6] = otherThan(row[6]);
      case BROKEN_CORRELATION -> {
        // Two standard deviations or more from what the rest says, and well within the column's
        // own.
        double weight = (double) row[2];
        double moved;
        do {
          moved = 5 + Math.sqrt(5) * random.nextGaussian();
        } while (Math.abs(moved - weight) < 2 * Math.sqrt(5) || Math.abs(moved - 5) > 6);
        row[2] = moved;
      }
      case SHIFTED_SCALE -> row[3] = (double) row[3] / 2.54;
      default -> throw new IllegalStateException(kind + " is no single row's");
    }
  }

  private String otherThan(Object currency) {
    String other = CURRENCIES[random.nextInt(CURRENCIES.length)];
    return other.equals(currency) ? otherThan(currency) : other;
  }

  /** Far off in several columns at once. */
  private Object[] outlier(Object[] row) {
    row[0] = Math.exp(3 + 4 * (1 + random.nextDouble()));
    row[1] = 1;
    row[3] = 10 - 8 * random.nextDouble();
    return row;
  }
}
