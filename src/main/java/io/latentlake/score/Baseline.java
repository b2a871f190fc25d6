package io.latentlake.score;

/**
 * How well a method without a network finds labelled rows, by its own score.
 *
 * @param method in words
 * @param rows that have features
 * @param positives those among them that the label marks
 * @param auroc area under the receiver operating characteristic
 * @param auprc area under the precision-recall curve
 */
public record Baseline(String method, long rows, long positives, double auroc, double auprc) {}
