/**
 * The parts a variational autoencoder is composed of, as DL4J layers, vertices and loss functions.
 *
 * <p>{@link io.latentlake.nn.RowMajorDense} is the fully connected layer in the memory order that
 * reaches oneDNN; {@link io.latentlake.nn.Reparameterization} draws z; a {@link
 * io.latentlake.nn.Likelihood} measures the reconstruction and {@link
 * io.latentlake.nn.StandardNormalKl} the penalty, both as DL4J loss functions, so that the graph's
 * score is −ELBO. What a likelihood has the same for every row, {@link
 * io.latentlake.nn.SharedOutputs} learns. {@link io.latentlake.nn.VaeNetwork} is a graph of these
 * parts that can be trained, encoded with and decoded with.
 *
 * <p>{@link io.latentlake.nn.Device} says what a task computes on. ND4J has one backend a JVM, and
 * {@link io.latentlake.nn.DeviceBackend} chooses it before ND4J would.
 */
package io.latentlake.nn;
