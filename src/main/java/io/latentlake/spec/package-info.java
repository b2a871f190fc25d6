/**
 * What is to be built, trained and scored, as immutable records.
 *
 * <p>A {@link io.latentlake.spec.Configuration} holds a {@link io.latentlake.spec.VaeSpec}, a
 * {@link io.latentlake.spec.TrainSpec} and a {@link io.latentlake.spec.ScoreSpec}. It is read from
 * HOCON over the defaults of {@code defaults.conf}, which alone owns every default, and is written
 * into the model as JSON. Each record checks itself when it is built, so a specification that
 * exists is valid.
 */
package io.latentlake.spec;
