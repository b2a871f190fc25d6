package io.latentlake.nn;

/**
 * How a network's passes are computed. One implementation compiles the network to oneDNN
 * primitives, the other runs its DL4J graph on whatever backend ND4J has; both give the same
 * numbers. The caller stages rows, then asks for a pass over them. Owns native memory that {@link
 * #close()} frees; not safe for use by two threads at once, but may move between threads.
 */
public interface VaeEngine extends AutoCloseable {
  /** Rows a batch. */
  int capacity();

  /**
   * Where the caller puts a batch's rows, one behind the other: {@code [capacity, features +
   * condition]}.
   */
  float[] staging();

  /**
   * One training step on the first staged rows: forward, backward, update.
   *
   * @param rows at most {@link #capacity()}
   * @return −ELBO's parts before the update, mean over the rows
   */
  default ElboTerms train(int rows, TrainingStep step) {
    return train(rows, staging(), step);
  }

  /**
   * The same where the network is to give other rows than it is shown, as in denoising.
   *
   * @param targets what the likelihood is measured at, {@code [capacity, features]}; the encoder
   *     sees the staged rows
   */
  ElboTerms train(int rows, float[] targets, TrainingStep step);

  /**
   * −ELBO of the first staged rows with one z sampled a row.
   *
   * @param noiseSeed decides ε
   * @return its parts, summed over the rows
   */
  ElboTerms loss(int rows, long noiseSeed);

  /**
   * Scores the staged rows at z = μ(x). The pass always takes {@link #capacity()} rows, so that a
   * row's scores don't depend on how many others are staged; rows that aren't mean nothing.
   */
  void score(RowScores scores);

  /**
   * Reconstructs the staged rows at z = μ(x). The pass always takes {@link #capacity()} rows, as
   * {@link #score} does.
   *
   * @param mean where E[x | z] goes, {@code [capacity, features]}
   */
  void reconstruct(float[] mean);

  /** A copy of all weights, in DL4J's flattened order. */
  float[] parameters();

  /** Takes over weights as {@link #parameters()} gives them; doesn't keep the array. */
  void setParameters(float[] parameters);

  /** A copy of the updater's state (Adam's moments, say); empty where it has none. */
  float[] updaterState();

  /** Takes over a state as {@link #updaterState()} gives it; doesn't keep the array. */
  void setUpdaterState(float[] state);

  /** Frees what the engine holds for the thread it ran on; for the end of a task. */
  default void releaseThread() {}

  @Override
  void close();
}
