/**
 * The same networks without ND4J in the way: a DL4J graph's configuration is compiled once, for one
 * batch size, into a list of {@link io.latentlake.nn.onednn.Step}s. Matrix products, activations
 * and exponentials are oneDNN primitives on memory that is allocated once; what is left, the loss
 * and the updater, are plain loops over arrays that the JIT compiler vectorizes. {@link
 * io.latentlake.nn.onednn.OneDnnEngine} runs the steps; tests hold it against {@link
 * io.latentlake.nn.GraphEngine}.
 */
package io.latentlake.nn.onednn;
