package io.latentlake.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.SameRows;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

/** A transformed table is a plan and no more, until Spark runs it; then rows are what they are. */
class LazyScoringTest {
  private static final int BAD = 10;

  @TempDir static Path folder;

  private static Dataset<Row> table;
  private static Dataset<Row> gaps;
  private static LatentLakeModel model;

  @BeforeAll
  static void train() {
    table = SmallTables.numbers(200);
    gaps = table.selectExpr("id", "kind", "if(id % 20 = 3, null, left) as left", "right");
    model =
        new LatentLake()
            .setConfig(SmallTables.NUMBERS_CONFIGURATION)
            .setFeaturesCols(new String[] {"left", "right"})
            .fit(table);
  }

  private static LatentLakeModel handling(String invalid) {
    return model.copy(ParamMap.empty()).setHandleInvalid(invalid);
  }

  @Test
  void startsNoJob() throws Exception {
    SparkSession spark = SharedSpark.session();
    var jobs = new AtomicInteger();
    var listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
          }
        };
    spark.sparkContext().addSparkListener(listener);
    try {
      Dataset<Row> shuffled =
          table
              .repartition(3)
              .groupBy("id")
              .agg(functions.first("left").as("left"), functions.first("right").as("right"));
      Dataset<Row> scored = model.transform(shuffled);
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertEquals(0, jobs.get());
      assertEquals(200, scored.count());
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertTrue(jobs.get() > 0);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
  }

  @Test
  void rowsThatCannotBeScored() {
    Dataset<Row> expected = model.transform(table).where("id % 20 <> 3");
    assertThrows(SparkException.class, () -> model.transform(gaps).collect());
    Dataset<Row> skipped = handling("skip").transform(gaps);
    assertEquals(200 - BAD, skipped.count());
    SameRows.assertSame(expected.drop("left"), skipped.drop("left"));
    Dataset<Row> kept = handling("keep").transform(gaps);
    assertEquals(handling("keep").transformSchema(gaps.schema()), kept.schema());
    assertEquals(200, kept.count());
    assertEquals(BAD, kept.where("elbo is null and latent is null and is_anomaly is null").count());
    assertEquals(
        expected.select("id", "elbo", "latent").orderBy("id").collectAsList(),
        kept.where("elbo is not null")
            .select("id", "elbo", "latent")
            .orderBy("id")
            .collectAsList());
  }

  @Test
  void fitMayRefuseThemToo() {
    LatentLake estimator =
        new LatentLake()
            .setConfig(SmallTables.NUMBERS_CONFIGURATION)
            .setFeaturesCols(new String[] {"left", "right"});
    var refused = assertThrows(RuntimeException.class, () -> estimator.fit(gaps));
    assertTrue(refused.getMessage().contains("NULL_VALUE=" + BAD), refused::getMessage);
    LatentLakeModel trained = estimator.setHandleInvalid("skip").fit(gaps);
    assertEquals(BAD, trained.summary().rejectedRows());
  }

  @Test
  void joinsWithItself() {
    String path = SmallTables.parquet(table, folder.resolve("joined"));
    Dataset<Row> scored = model.transform(SharedSpark.session().read().parquet(path));
    assertEquals(200, scored.join(scored.select("id", "kl"), "id").count());
  }

  @Test
  void streams() throws Exception {
    SparkSession spark = SharedSpark.session();
    String path = SmallTables.parquet(table, folder.resolve("arriving"));
    Dataset<Row> arriving = spark.readStream().schema(table.schema()).parquet(path);
    String output = folder.resolve("arrived").toString();
    model
        .transform(arriving)
        .writeStream()
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .start(output)
        .awaitTermination();
    assertEquals(
        model.transform(table).select("id", "elbo").orderBy("id").collectAsList(),
        spark.read().parquet(output).select("id", "elbo").orderBy("id").collectAsList());
  }

  @Test
  void unpersistedModelsStillScore() {
    Dataset<Row> scored = model.transform(table);
    long before = scored.count();
    model.unpersist();
    assertEquals(before, scored.count());
  }

  @Test
  void kryoLeavesTheModelToJava() {
    var kryo = new KryoSerializer(new SparkConf(false)).newInstance();
    var tag = ClassTag$.MODULE$.apply(model.trained().getClass());
    Object read = kryo.deserialize(kryo.serialize(model.trained(), tag), tag);
    assertEquals(model.trained().configuration(), ((TrainedVae) read).configuration());
  }
}
