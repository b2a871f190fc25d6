package io.latentlake.train;

/**
 * Why a training stopped before its last epoch, at which its model is that of the last good round.
 *
 * @param epoch in which it diverged, counted from 1
 * @param round the averaging round in which it did, counted from 1 over the whole run
 * @param lastGoodRound the round that the model is taken from
 * @param learningRate of that try
 * @param reason what was seen, and which setting to change
 */
public record EarlyStop(
    int epoch, long round, long lastGoodRound, double learningRate, String reason) {}
