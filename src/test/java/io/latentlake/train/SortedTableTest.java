package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.Format;
import io.latentlake.data.TableReader;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer.NamedTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** MNIST sorted by label: without a good shuffle, an epoch ends knowing nothing but nines. */
@Tag("slow")
class SortedTableTest {
  private static final String NETWORK =
      "model { encoder = [64], latent = 8, decoder = [64] }, train { epochs = 2, workers = 2 }";
  private static final FeaturePlan PLAN =
      new FeaturePlan(
          List.of(new FeatureColumn(TableReader.IMAGE, FeatureColumn.Kind.BYTES, 28 * 28)));

  @Test
  void learnsFromDiskWhatItLearnsFromMemory() throws Exception {
    Dataset<Row> images = TableReader.read(SharedSpark.session(), "mnist:test", Format.PARQUET);
    var sorted = new NamedTable("sorted", images.orderBy("label", "index").coalesce(1));
    Shards.awaitEarlierTables();
    long files = Shards.openFiles();
    double memory = loss(sorted, "256 MiB");
    // A tenth of a worker's rows at a time.
    double disk = loss(sorted, "384 KiB");
    assertTrue(disk != memory);
    assertEquals(memory, disk, 0.02 * memory);
    Shards.awaitOpenFiles(files, () -> {});
  }

  /** −ELBO of all rows after training, in nats. */
  private static double loss(NamedTable table, String shardMemory) {
    Configuration configuration =
        Configuration.parse(NETWORK, "test", Map.of("train.shard-memory", shardMemory));
    var trainer = new Trainer(SharedSpark.session(), new TrainingProgress() {});
    Trainer.Result result = trainer.train(configuration, PLAN, table, Optional.of(table));
    return result.history().last().validation().loss();
  }
}
