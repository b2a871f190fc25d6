package io.latentlake.train;

import java.io.Serializable;

/**
 * What a round starts from, on every worker.
 *
 * @param parameters weights in DL4J's flattened order
 * @param updaterState the updater's, such as Adam's moments; may be empty
 * @param iteration steps taken so far
 */
record ReplicaState(float[] parameters, float[] updaterState, int iteration)
    implements Serializable {}
