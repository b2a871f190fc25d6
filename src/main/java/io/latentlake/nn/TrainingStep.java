package io.latentlake.nn;

/**
 * What one training step depends on beside its rows.
 *
 * @param noiseSeed decides ε
 * @param iteration counted from 0: Adam corrects its bias by it
 * @param learningRate of this step
 */
public record TrainingStep(long noiseSeed, int iteration, double learningRate) {}
