package io.latentlake.score;

import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.TrainedVae;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Makes rows of a compressed table's codes again: E[x | z] at the rounded latents. */
public final class Decompression {
  private final SparkSession spark;
  private final TrainedVae model;

  public Decompression(SparkSession spark, TrainedVae model) {
    this.spark = spark;
    this.model = model;
  }

  /**
   * Decompresses into a staged folder and commits it.
   *
   * @param folder of the compressed table; its other columns go along
   * @throws io.latentlake.spec.InvalidInputException when there is none, or another model made it
   */
  public TableJob.Result run(String folder, StagedFolder output) throws IOException {
    CompressedTable document = CompressedTable.read(folder, spark.sessionState().newHadoopConf());
    document.requireModel(model, folder);
    LatentQuantizer quantizer = document.quantizer();
    UDF1<byte[], float[]> unpack = quantizer::unpack;
    var unpacking = functions.udf(unpack, DataTypes.createArrayType(DataTypes.FloatType, false));
    Dataset<Row> codes = spark.read().parquet(folder);
    List<String> kept =
        Arrays.stream(codes.columns()).filter(name -> !name.equals(Compression.CODE)).toList();
    Dataset<Row> latents =
        codes
            .withColumn(ScoreColumns.LATENT, unpacking.apply(functions.col(Compression.CODE)))
            .drop(Compression.CODE);
    var request = new TableJob.Request(folder, latents, kept, Format.PARQUET, OnBadRow.FAIL);
    TableJob.Result result = new Decoding(spark, model, new float[0]).run(request, output);
    output.commit();
    return result;
  }
}
