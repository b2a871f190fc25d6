/**
 * Scores tables of any size with a trained model.
 *
 * <p>A {@link io.latentlake.score.BatchScorer} computes reconstruction error, squared error, KL and
 * latent of a batch at z = μ(x); a {@link io.latentlake.score.PartitionScorer} streams a
 * partition's rows through it; {@link io.latentlake.score.ScoringJob} writes the table and, beside
 * it, the rows that can't be scored. {@link io.latentlake.score.Calibrator} does the same to the
 * training rows to learn what is normal, and {@link io.latentlake.score.Evaluation} measures scores
 * against labels.
 */
package io.latentlake.score;
