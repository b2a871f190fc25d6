package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.List;

/**
 * What the training rows held in one column, in bins: of a number, as the encoder gives it, between
 * its quantiles; of a category, one for each of its places; and last, of missing values.
 *
 * @param column its name
 * @param edges the highest number of each bin but the last two, ascending; empty of a category
 * @param shares of the rows, one for each bin
 */
public record ColumnDistribution(String column, List<Float> edges, List<Double> shares)
    implements Serializable {
  public ColumnDistribution {
    if (column == null || edges == null || shares == null) {
      throw new InvalidInputException("a column's distribution needs a name, edges and shares");
    }
    edges = List.copyOf(edges);
    shares = List.copyOf(shares);
    if (!edges.isEmpty() && shares.size() != edges.size() + 2) {
      throw new InvalidInputException(
          "column %s: %d shares for %d edges: must be two more"
              .formatted(column, shares.size(), edges.size()));
    }
  }
}
