/**
 * A peer of the benchmark's: the same network in DJL, on PyTorch's natives, in a JVM of its own. It
 * shares no code with the rest and is called as PyTorch's script is.
 */
package io.latentlake.bench.djl;
