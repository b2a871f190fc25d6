package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.cli.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedAction;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables, models, checkpoints, scores and pictures on a real HDFS, one that refuses too. */
@Tag("slow")
class HdfsTest {
  @TempDir static java.nio.file.Path folder;

  private static MiniDFSCluster cluster;
  private static DistributedFileSystem files;

  @BeforeAll
  static void trainOnHdfs() throws IOException {
    var conf = new Configuration();
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    // Quotas count whole blocks while they are written.
    conf.setLong("dfs.blocksize", 1 << 20);
    cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    cluster.waitActive();
    files = cluster.getFileSystem();
    SmallTables.numbers(2000).write().parquet(at("table"));
    try (var out = files.create(new Path(at("settings.conf")))) {
      out.write(SmallTables.NUMBERS_CONFIGURATION.getBytes(StandardCharsets.UTF_8));
    }
    run(
        0,
        "train --features left,right --input %s --config %s --model %s",
        at("table"),
        at("settings.conf"),
        at("model"));
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  private static String at(String name) {
    return cluster.getURI() + "/lake/" + name;
  }

  private static CommandRun run(int exitCode, String words, Object... arguments) {
    CommandRun run = CommandRun.of(words.formatted(arguments).split(" "));
    assertEquals(exitCode, run.exitCode(), run::err);
    return run;
  }

  private static List<String> names(String path) throws IOException {
    return Arrays.stream(files.listStatus(new Path(path)))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .sorted()
        .toList();
  }

  @Test
  void modelAndScoresLieThere() throws IOException {
    run(0, "score --input %s --model %s --output %s", at("table"), at("model"), at("scores"));
    assertTrue(names(at("model")).containsAll(List.of("model.json", "report.html")));
    assertTrue(names(at("scores")).containsAll(List.of("_SUCCESS", "_report.html")));
    assertEquals(2000, SharedSpark.session().read().parquet(at("scores")).count());
    run(0, "inspect --model %s", at("model"));
    run(
        0,
        "embed --input %s --model %s --output %s --label kind --out %s",
        at("table"),
        at("model"),
        at("latents"),
        at("map.png"));
    assertTrue(files.getFileStatus(new Path(at("map.png"))).getLen() > 1000);
  }

  @Test
  void aFolderThatMayNotBeWrittenToIsNamed() throws IOException {
    String closed = at("closed");
    String open = at("open");
    files.mkdirs(new Path(closed), new FsPermission("755"));
    files.mkdirs(new Path(open));
    files.setPermission(new Path(open), new FsPermission("777"));
    requireRefused(closed + "/scores", "score", "--output %s/scores", closed);
    requireRefused(
        closed + "/map.png", "embed", "--output %s/latents --out %s/map.png", open, closed);
    requireRefused(
        closed + "/checkpoints",
        "train",
        "--features left,right --config %s --checkpoint %s/checkpoints --overwrite",
        at("settings.conf"),
        closed);
    assertEquals(List.of(), names(closed));
    assertEquals(List.of(), names(open));
  }

  /** For somebody to whom the lake isn't open. */
  private static void requireRefused(
      String place, String command, String words, Object... arguments) {
    var stranger = UserGroupInformation.createRemoteUser("stranger");
    CommandRun refused =
        stranger.doAs(
            (PrivilegedAction<CommandRun>)
                () ->
                    run(
                        2,
                        "%s --input %s --model %s %s",
                        command,
                        at("table"),
                        at("model"),
                        words.formatted(arguments)));
    assertTrue(refused.err().contains(place), refused.err());
    assertTrue(refused.err().contains("Permission denied: user=stranger"), refused.err());
  }

  @Test
  void afterAFullQuotaNothingLooksFinished() throws IOException {
    var full = new Path(at("full"));
    files.mkdirs(full);
    // Less than one block.
    files.setQuota(full, HdfsConstants.QUOTA_DONT_SET, 1 << 16);
    CommandRun failed =
        run(
            1,
            "score --input %s --model %s --output %s",
            at("table"),
            at("model"),
            full + "/scores");
    assertTrue(failed.err().contains("quota"), failed.err());
    assertFalse(files.exists(new Path(full, "scores")));
    assertEquals(List.of(), names(full.toString()));
    CommandRun without =
        run(
            2,
            "embed --input %s --model %s --output %s --out %s",
            at("table"),
            at("model"),
            at("latents-beside"),
            full + "/map.png");
    assertTrue(without.err().contains(full + "/map.png"), without.err());
    assertEquals(List.of(), names(full.toString()));
  }

  private static CommandRun train(int exitCode, String checkpoints, String model) {
    return run(
        exitCode,
        "train --features left,right --input %s --config %s --workers 2 --averaging-frequency 4 --checkpoint-every 2rounds --checkpoint-keep 100 --resume --checkpoint %s --model %s",
        at("table"),
        at("settings.conf"),
        at(checkpoints),
        at(model));
  }

  /** Leaves those that a run has written which died halfway: their names. */
  private static List<String> firstHalf(String checkpoints) throws IOException {
    List<String> all = names(at(checkpoints));
    assertTrue(all.size() >= 4, all.toString());
    for (String newer : all.subList(all.size() / 2, all.size())) {
      files.delete(new Path(at(checkpoints), newer), true);
    }
    return names(at(checkpoints));
  }

  private static byte[] weights(String model) throws IOException {
    try (var in = files.open(new Path(at(model), "weights.f32"))) {
      return in.readAllBytes();
    }
  }

  /** In the middle of it for want of room, too. */
  @Test
  void aTrainingGoesOnToTheSameWeights() throws IOException {
    train(0, "checkpoints", "undisturbed");
    List<String> half = firstHalf("checkpoints");
    var folder = new Path(at("checkpoints"));
    // Less than one block more.
    long used = files.getContentSummary(folder).getSpaceConsumed();
    files.setQuota(folder, HdfsConstants.QUOTA_DONT_SET, used + (1 << 16));
    CommandRun failed = train(1, "checkpoints", "resumed");
    assertTrue(failed.err().contains("quota of /lake/checkpoints is exceeded"), failed.err());
    assertEquals(half, names(at("checkpoints")));
    assertFalse(files.exists(new Path(at("resumed"))));
    files.setQuota(folder, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
    CommandRun resumed = train(0, "checkpoints", "resumed");
    assertTrue(resumed.out().contains(half.get(half.size() - 1)), resumed.out());
    assertArrayEquals(weights("undisturbed"), weights("resumed"));
  }

  @Test
  void onlyWhatIsNewIsScored() throws IOException {
    String increment =
        "score --incremental --checkpoint %s --input %s --model %s --output %s"
            .formatted(at("scored"), at("growing"), at("model"), at("increments"));
    SmallTables.numbers(200).write().parquet(at("growing"));
    run(0, increment);
    assertTrue(run(0, increment).out().contains("Nothing new"));
    SmallTables.numbers(100).write().mode(SaveMode.Append).parquet(at("growing"));
    run(0, increment);
    assertEquals(300, SharedSpark.session().read().parquet(at("increments")).count());
    assertEquals(
        List.of("batch_id=0", "batch_id=1"),
        names(at("increments")).stream().filter(name -> name.startsWith("batch")).toList());
  }
}
