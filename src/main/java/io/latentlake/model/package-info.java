/**
 * A trained model: {@link io.latentlake.model.TrainedVae} holds its specification, feature plan,
 * weights and {@link io.latentlake.model.Calibration}, and {@link io.latentlake.model.ModelFolder}
 * keeps it on disk as JSON and raw weights. Loading deserializes no Java object and names no class.
 */
package io.latentlake.model;
