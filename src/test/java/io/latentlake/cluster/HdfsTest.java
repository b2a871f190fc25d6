package io.latentlake.cluster;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables, models, scores and pictures on a real HDFS, one that refuses too. */
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
    assertTrue(names(at("model")).contains("model.json"));
    assertTrue(names(at("scores")).contains("_SUCCESS"));
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
    var closed = new Path(at("closed"));
    files.mkdirs(closed, new FsPermission("755"));
    var stranger = UserGroupInformation.createRemoteUser("stranger");
    CommandRun refused =
        stranger.doAs(
            (PrivilegedAction<CommandRun>)
                () ->
                    run(
                        2,
                        "score --input %s --model %s --output %s",
                        at("table"),
                        at("model"),
                        closed + "/scores"));
    assertTrue(refused.err().contains(closed + "/scores"), refused.err());
    assertTrue(refused.err().contains("Permission denied: user=stranger"), refused.err());
    assertEquals(List.of(), names(closed.toString()));
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
  }
}
