package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SmallImages;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.model.TrainedVae;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scored partition leaves nothing behind, neither on the heap's outside nor at JavaCPP. */
@Tag("slow")
class ScoringMemoryTest {
  private static final int FEW = 5;
  private static final int MANY = 1000;
  private static final int WIDTH = 784;

  /** A partition's batch: left behind by each, it would be a gigabyte and a half. */
  private static final long BATCH_BYTES = 512L * WIDTH * Float.BYTES;

  /** Code that is compiled meanwhile, threads and their arenas take half of this. */
  private static final long TOLERANCE = 64 * BATCH_BYTES;

  private static final String MEASURED = "memory in bytes: ";

  @TempDir static Path folder;

  @Test
  void aThousandPartitionsTakeWhatFiveDid() throws IOException, InterruptedException {
    List<long[]> measured = inAJvmWhoseHeapIsOneSize();
    long[] few = measured.get(0);
    long[] many = measured.get(1);
    assertEquals(few[0], many[0], BATCH_BYTES, "held by JavaCPP");
    assertTrue(many[1] < few[1] + TOLERANCE, "resident %,d, then %,d".formatted(few[1], many[1]));
  }

  /** Every page of the heap is in memory from the start, so that the rest can be seen growing. */
  private static List<long[]> inAJvmWhoseHeapIsOneSize() throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ScoringMemoryTest.class.getName(), folder.toString()));
    Path output = folder.resolve("output.txt");
    Process jvm =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(0, jvm.waitFor(), () -> read(output).toString());
    return read(output).stream()
        .filter(line -> line.startsWith(MEASURED))
        .map(line -> line.substring(MEASURED.length()).split(" "))
        .map(values -> new long[] {Long.parseLong(values[0]), Long.parseLong(values[1])})
        .toList();
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the other JVM runs: a table of few partitions, then one of many. */
  public static void main(String[] arguments) throws IOException {
    Path scores = Path.of(arguments[0]);
    Dataset<Row> few = images(FEW);
    TrainedVae model = new RandomModel("{}").reading("image", Kind.BYTES, WIDTH, few);
    for (int partitions : new int[] {FEW, MANY}) {
      Path output = scores.resolve("in-" + partitions);
      var counts = RandomModel.score(model, images(partitions), output, "index").counts();
      assertEquals(2 * partitions, counts.scored());
      System.gc(); // also what JavaCPP frees by it
      System.out.println(MEASURED + Pointer.totalBytes() + " " + resident());
    }
    System.exit(0); // Spark's session would keep it alive
  }

  private static Dataset<Row> images(int partitions) {
    return SmallImages.table(2 * partitions).repartition(partitions);
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElseThrow();
  }
}
