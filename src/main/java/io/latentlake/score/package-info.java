/**
 * Scores tables of any size with a trained model.
 *
 * <p>A {@link io.latentlake.score.TableJob} streams a table's partitions through some {@link
 * io.latentlake.score.BatchWork} and writes what comes of it and, beside it, the rows that can't be
 * used. {@link io.latentlake.score.ScoringJob} gives rows their reconstruction error, squared
 * error, KL and latent at z = μ(x), as a {@link io.latentlake.score.BatchScorer} computes them;
 * what of it makes the anomaly score is a {@link io.latentlake.score.Measure}, and {@link
 * io.latentlake.score.Reasons} say which columns it comes from. {@link
 * io.latentlake.score.Embedding}, {@link io.latentlake.score.Denoising}, {@link
 * io.latentlake.score.Imputation}, {@link io.latentlake.score.Compression} and {@link
 * io.latentlake.score.Decoding} do what their names say. {@link io.latentlake.score.Calibrator}
 * scores the training rows to learn what is normal, {@link io.latentlake.score.Evaluation} measures
 * scores against labels, {@link io.latentlake.score.PrincipalComponents} and an {@link
 * io.latentlake.score.IsolationForestBaseline} find the same rows of a {@link
 * io.latentlake.score.LabelledTable} without a network, and a {@link io.latentlake.score.Generator}
 * makes a few rows on the driver.
 *
 * <p>What is done with scored tables needs no model's weights: {@link
 * io.latentlake.score.ScoredRows} learns how their scores are distributed, a {@link
 * io.latentlake.score.ThresholdRule} chooses a threshold for them, in their tail by {@link
 * io.latentlake.score.PeaksOverThreshold}, and {@link io.latentlake.score.Drift} tells how far they
 * have moved from the training rows; with the table that was scored, column by column, which a
 * {@link io.latentlake.score.ColumnTally} counts.
 *
 * <p>The same scores without a job: a {@link io.latentlake.score.ScoredTable} is computed when
 * Spark runs what is made of it, a {@link io.latentlake.score.ScoreFunction} is called in a query,
 * and a {@link io.latentlake.score.RowScorer} needs no Spark session at all.
 */
package io.latentlake.score;
