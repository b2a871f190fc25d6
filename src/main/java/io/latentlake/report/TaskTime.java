package io.latentlake.report;

/**
 * Where the time of a run's tasks went, in seconds, summed over them.
 *
 * @param computing on a processor
 * @param collecting Java's garbage
 * @param waiting for files, the network or a free core
 * @param starting getting tasks to their executors
 */
public record TaskTime(double computing, double collecting, double waiting, double starting) {
  /** None yet. */
  public static final TaskTime ZERO = new TaskTime(0, 0, 0, 0);

  TaskTime plus(TaskTime other) {
    return new TaskTime(
        computing + other.computing,
        collecting + other.collecting,
        waiting + other.waiting,
        starting + other.starting);
  }
}
