package io.latentlake.bench;

/**
 * How results of that many executors reach the driver by {@code treeReduce} of depth 2, as Spark's
 * RDD does it: executors add up some results each, where that saves the driver work, and the driver
 * the sums.
 *
 * @param executors that bring one result each
 */
record Gathering(int executors) {

  /** Results that come in one behind the other on the longest way to the driver. */
  long hops() {
    int scale = Math.max((int) Math.ceil(Math.sqrt(executors)), 2);
    if (executors <= scale + Math.ceil((double) executors / scale)) {
      return executors;
    }
    int combiners = executors / scale;
    int largest = -Math.floorDiv(-executors, combiners);
    return largest + combiners;
  }
}
