package io.latentlake.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One quantity's outcome.
 *
 * @param section that it belongs to
 * @param name of the quantity
 * @param label of the quantity, in words
 * @param unit of median and samples
 * @param median of the samples
 * @param samples in the order they were taken in
 * @param comparedWith name of the quantity that it is compared with; null when with none
 * @param ratio to that one, the median of the repetitions' ratios; null likewise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Figure(
    String section,
    String name,
    String label,
    String unit,
    double median,
    List<Double> samples,
    String comparedWith,
    Double ratio) {}
