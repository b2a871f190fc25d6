package io.latentlake.data;

import java.io.IOException;

/** Where a stream's batches are written: each once, however often it is tried. */
public interface BatchOutputs {
  /**
   * Makes the place ready, before the first batch of a run.
   *
   * @throws io.latentlake.spec.InvalidInputException when it can't be written to
   */
  void prepare();

  /**
   * Where a batch is written. One that was written before, by a run that died before its checkpoint
   * knew, ends up there once all the same.
   */
  TableOutput of(long batch) throws IOException;

  /**
   * Where the rows that could not be used are.
   *
   * @param output what the user calls the output
   */
  String rejected(String output);
}
