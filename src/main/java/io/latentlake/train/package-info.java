/**
 * Training by parameter averaging.
 *
 * <p>{@link io.latentlake.train.ShardPacking} packs a table's rows once into one compact shard a
 * worker: a {@link io.latentlake.train.MemoryShard} up to {@code train.shard-memory}, past it a
 * {@link io.latentlake.train.DiskShard} that streams from a file. In each averaging round the
 * driver broadcasts weights and updater state, every worker's {@link io.latentlake.train.Replica}
 * takes its minibatches from its shard, and the results are averaged, weighted by rows; {@link
 * io.latentlake.train.AveragingFrequency} and {@link io.latentlake.train.Scaling} choose how often
 * and how. {@link io.latentlake.train.Trainer} repeats this epoch by epoch, validates, and keeps
 * the {@link io.latentlake.train.History}; {@link io.latentlake.train.ShardAveragingMaster} offers
 * the same to dl4j-spark.
 *
 * <p>What the next round follows from is an {@code AveragingState}, and all that is drawn at random
 * comes from the seed and the place in the epoch. So a round that is lost is run again to the same
 * bit, {@link io.latentlake.train.Checkpoints} keep such a state for {@link
 * io.latentlake.train.Recovery} after the driver's death, and a training that diverges has one to
 * go back to.
 */
package io.latentlake.train;
