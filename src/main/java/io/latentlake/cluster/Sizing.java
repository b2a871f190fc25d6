package io.latentlake.cluster;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.TrainSpec;

/**
 * What to ask a cluster for, so that a run fits: a rule over what was measured (see the README).
 *
 * @param heap of each executor, bytes
 * @param overhead beside the heap of each executor, bytes
 * @param driverHeap bytes
 * @param shard of one worker, bytes
 * @param inMemory whether shards stay in memory; else they stream from executors' disks
 */
public record Sizing(long heap, long overhead, long driverHeap, long shard, boolean inMemory) {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /** What Java and the native libraries take beside the heap, measured 340 MiB for an executor. */
  static final long BESIDE_THE_HEAP = 384 * MIB;

  /** What Spark and its Parquet reader and writer need in the heap, for all tasks and for each. */
  private static final long HEAP = 512 * MIB;

  private static final long HEAP_A_TASK = 256 * MIB;

  /**
   * Copies of the weights that a training task has in the heap: two states of three, and a result.
   */
  private static final int COPIES_IN_HEAP = 7;

  /** Weights and gradients, with room for packed copies. */
  private static final int COPIES_BESIDE = 4;

  /** Results that the driver holds at once, each weights and two moments. */
  private static final int ORDERED_WORKERS = 16;

  private static final int STATE = 3;

  /** Batches and what the layers make of them. */
  private static final long BATCHES_A_TASK = 64 * MIB;

  /** More than anybody has, and little enough to be counted in bytes. */
  private static final long MOST_ROWS = 1_000_000_000_000L;

  private static final long MOST_FEATURES = 100_000;
  private static final long MOST_EXECUTORS = 100_000;
  private static final long MOST_CORES = 1024;

  /**
   * A job.
   *
   * @param rows of the table
   * @param features numbers a row
   * @param bytesPerFeature 1 for bytes, 4 for all else
   * @param parameters weights of the network
   * @param executors how many
   * @param cores of each, one task each
   * @param largestHeap of an executor that the cluster gives, bytes
   */
  public record Job(
      long rows,
      long features,
      int bytesPerFeature,
      long parameters,
      int executors,
      int cores,
      long largestHeap) {
    public Job {
      require("--rows", rows, MOST_ROWS);
      require("--features", features, MOST_FEATURES);
      require("--executors", executors, MOST_EXECUTORS);
      require("--cores", cores, MOST_CORES);
    }

    private static void require(String option, long value, long most) {
      if (value < 1 || value > most) {
        throw new InvalidInputException(
            "%s %d: must be at least 1 and at most %d".formatted(option, value, most));
      }
    }

    /** Replicas side by side. */
    public int workers() {
      return executors * cores;
    }
  }

  /**
   * What a job needs.
   *
   * @throws InvalidInputException when its largest heap is too small for its cores
   */
  public static Sizing of(Job job) {
    long weights = Float.BYTES * job.parameters();
    long rowsEach = -Math.floorDiv(-job.rows(), job.workers());
    long shard = rowsEach * job.features() * job.bytesPerFeature();
    long working = HEAP + job.cores() * (HEAP_A_TASK + COPIES_IN_HEAP * weights);
    long withShards =
        Math.max(working + job.cores() * shard, TrainSpec.HEAP_FOR_SHARDS * job.cores() * shard);
    boolean inMemory = withShards <= job.largestHeap();
    if (working > job.largestHeap()) {
      throw new InvalidInputException(
          "--largest-heap %s: %d tasks need %s even where shards stream from disk; give more, or fewer --cores"
              .formatted(mebibytes(job.largestHeap()), job.cores(), mebibytes(roundedUp(working))));
    }
    long heap = roundedUp(inMemory ? withShards : job.largestHeap());
    long overhead =
        roundedUp(BESIDE_THE_HEAP + job.cores() * (BATCHES_A_TASK + COPIES_BESIDE * weights));
    long results = (long) STATE * weights * (2 + Math.min(ORDERED_WORKERS, job.workers()));
    return new Sizing(heap, overhead, roundedUp(GIB + results), shard, inMemory);
  }

  /** To the next 256 MiB, as nobody asks for odd numbers. */
  private static long roundedUp(long bytes) {
    long step = 256 * MIB;
    return -Math.floorDiv(-bytes, step) * step;
  }

  /** MiB, as Spark's settings write it. */
  public static String mebibytes(long bytes) {
    return bytes / MIB + "m";
  }
}
