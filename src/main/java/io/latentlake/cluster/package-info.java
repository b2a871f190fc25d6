/**
 * What a run needs of the machines it runs on: {@link io.latentlake.cluster.Sizing} says how much
 * memory and how many cores to ask a cluster for, and {@link io.latentlake.cluster.CheckUp} looks,
 * on the driver and on every executor, whether they are what a run needs, before the night in which
 * they would have failed.
 */
package io.latentlake.cluster;
