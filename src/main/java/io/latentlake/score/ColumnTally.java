package io.latentlake.score;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.InternalRows;
import io.latentlake.data.RowEncoder;
import io.latentlake.data.TimeParts;
import io.latentlake.model.ColumnDistribution;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * What encoded rows hold in one column: a number's quantiles or a category's places, counted, and
 * how many have no value. Those of two partitions can be merged.
 */
@DefaultSerializer(JavaSerializer.class)
final class ColumnTally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Right to 0.35 % of the rows: little beside the 10 % of a bin. */
  private static final int SKETCH_SIZE = 800;

  private final String column;
  private final int from;

  /** Of a category's places; empty for a number. */
  private final long[] places;

  private long rows;
  private long missing;

  private transient KllFloatsSketch numbers = KllFloatsSketch.newHeapInstance(SKETCH_SIZE);

  private ColumnTally(String column, int from, int places) {
    this.column = column;
    this.from = from;
    this.places = new long[places];
  }

  /**
   * Empty tallies of the columns that hold one thing: not of times, which move on by themselves,
   * nor of vectors and images.
   */
  static List<ColumnTally> of(FeaturePlan plan) {
    var tallies = new ArrayList<ColumnTally>();
    int at = 0;
    for (ColumnPlan column : plan.columns()) {
      if (column.family() == Family.CATEGORICAL) {
        tallies.add(new ColumnTally(column.name(), at, column.width()));
      } else if (column.width() == 1 && !(column instanceof TimeParts)) {
        tallies.add(new ColumnTally(column.name(), at, 0));
      }
      at += column.width();
    }
    return tallies;
  }

  /**
   * Tallies of a table's usable rows.
   *
   * @throws InvalidInputException when there are none
   */
  static List<ColumnTally> of(RowEncoder encoder, Dataset<Row> table) {
    Dataset<Row> input = encoder.select(table);
    StructType schema = input.schema();
    List<ColumnTally> tallies =
        InternalRows.of(input)
            .mapPartitions(rows -> List.of(of(encoder, schema, rows)).iterator())
            .treeReduce(ColumnTally::merge);
    if (!tallies.isEmpty() && tallies.get(0).rows == 0) {
      throw new InvalidInputException("--input: no usable row, so nothing to compare");
    }
    return tallies;
  }

  private static List<ColumnTally> of(
      RowEncoder encoder, StructType schema, Iterator<InternalRow> rows) {
    List<ColumnTally> tallies = of(encoder.plan());
    int width = encoder.plan().width();
    var row = new float[width];
    PartitionBatches.each(
        rows, encoder.bind(schema), row, 1, staged -> addRows(tallies, row, width, staged));
    return tallies;
  }

  private void add(float[] encoded, int offset) {
    rows++;
    float first = encoded[offset + from];
    if (Float.isNaN(first)) {
      missing++;
    } else if (places.length == 0) {
      numbers.update(first);
    } else {
      int place = 0;
      while (place < places.length - 1 && encoded[offset + from + place] == 0) {
        place++;
      }
      places[place]++;
    }
  }

  /**
   * Takes in rows.
   *
   * @param encoded one behind the other
   * @param width numbers a row
   */
  static void addRows(List<ColumnTally> tallies, float[] encoded, int width, int rows) {
    for (ColumnTally tally : tallies) {
      for (int row = 0; row < rows; row++) {
        tally.add(encoded, row * width);
      }
    }
  }

  /** Takes in what other tallies of the same columns have seen. */
  static List<ColumnTally> merge(List<ColumnTally> tallies, List<ColumnTally> others) {
    for (int i = 0; i < tallies.size(); i++) {
      tallies.get(i).merge(others.get(i));
    }
    return tallies;
  }

  private void merge(ColumnTally other) {
    rows += other.rows;
    missing += other.missing;
    numbers.merge(other.numbers);
    for (int i = 0; i < places.length; i++) {
      places[i] += other.places[i];
    }
  }

  /** The rows' distribution: of a number, between the deciles that are not the same. */
  ColumnDistribution distribution() {
    List<Float> edges =
        numbers.isEmpty()
            ? List.of()
            : ScoreDistribution.of(numbers).deciles().stream().distinct().toList();
    return new ColumnDistribution(column, edges, DoubleStream.of(shares(edges)).boxed().toList());
  }

  /** The shares of the rows in such bins, and last of those that have no value. */
  double[] shares(List<Float> edges) {
    DoubleStream present =
        places.length > 0
            ? LongStream.of(places).mapToDouble(count -> (double) count / rows)
            : between(edges);
    return DoubleStream.concat(present, DoubleStream.of((double) missing / rows)).toArray();
  }

  private DoubleStream between(List<Float> edges) {
    if (numbers.isEmpty()) {
      return DoubleStream.of(new double[edges.size() + 1]);
    }
    double present = (double) (rows - missing) / rows;
    return DoubleStream.of(ScoreDistribution.of(numbers).shares(edges)).map(x -> present * x);
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    out.writeObject(numbers.toByteArray());
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    numbers = KllFloatsSketch.heapify(Memory.wrap((byte[]) in.readObject()));
  }
}
