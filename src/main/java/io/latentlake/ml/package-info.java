/**
 * LatentLake in Spark's own terms: a {@link io.latentlake.ml.LatentLake} estimator that trains a
 * {@link io.latentlake.ml.LatentLakeModel}, for pipelines, cross-validation and Spark's
 * persistence. Thin: settings mean what they mean in {@link io.latentlake.spec.Configuration}, and
 * the work is that of training and scoring.
 */
package io.latentlake.ml;
