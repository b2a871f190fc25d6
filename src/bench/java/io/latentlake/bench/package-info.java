/**
 * The benchmark: how fast this machine multiplies matrices, what of that training and scoring keep,
 * what the same network costs elsewhere, and what averaging costs as executors and networks grow.
 * Not part of the product's jar.
 *
 * <p>{@link io.latentlake.bench.Bench} picks {@link io.latentlake.bench.Section}s and runs their
 * {@link io.latentlake.bench.Contender}s by turns, since machines drift: only what was measured in
 * the same minutes is compared. What they measure is listed in {@link
 * io.latentlake.bench.Quantity}, each with what it is compared with.
 */
package io.latentlake.bench;
