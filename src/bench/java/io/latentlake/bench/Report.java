package io.latentlake.bench;

import java.util.List;

/**
 * All of a run, as it is written to JSON.
 *
 * @param machine that it ran on
 * @param repetitions of each contender, by turns
 * @param figures what was measured
 * @param projections of averaging rounds; empty when their section didn't run
 * @param skipped what could not be measured
 */
record Report(
    Machine machine,
    int repetitions,
    List<Figure> figures,
    List<Projection> projections,
    List<Skipped> skipped) {

  /**
   * A section that could not run.
   *
   * @param section its name
   * @param why and what to do
   */
  record Skipped(String section, String why) {}
}
