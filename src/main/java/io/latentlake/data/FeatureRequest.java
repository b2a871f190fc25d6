package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The columns that {@code --features} asks for and what they are to become: {@code auto} is every
 * column that can be a feature, {@code name:kind} one column, and a name alone is planned as {@code
 * auto} says as soon as anything else is.
 *
 * @param kinds what each column is to become, in order
 * @param named those that were asked for by name
 * @param planned whether anything is to be learned of the table; else all columns are raw
 */
public record FeatureRequest(Map<String, FeatureKind> kinds, List<String> named, boolean planned) {
  private static final String ALL = "auto";

  /**
   * Reads a request.
   *
   * @param features as above
   * @param exclude columns that {@code auto} leaves out
   * @param columns the table's
   * @throws InvalidInputException when a column is named twice, or something is left out of nothing
   */
  public static FeatureRequest of(
      List<String> features, List<String> exclude, List<String> columns) {
    boolean all = features.contains(ALL) && !columns.contains(ALL);
    var named = new LinkedHashMap<String, FeatureKind>();
    boolean planned = all;
    for (String feature : features) {
      if (all && feature.equals(ALL)) {
        continue;
      }
      int colon = feature.lastIndexOf(':');
      boolean plain = colon < 0 || columns.contains(feature);
      planned |= !plain;
      String name = plain ? feature : feature.substring(0, colon);
      FeatureKind kind = plain ? FeatureKind.AUTO : kind(feature, feature.substring(colon + 1));
      if (named.put(name, kind) != null) {
        throw new InvalidInputException(
            "--features %s: column '%s' is named twice"
                .formatted(String.join(",", features), name));
      }
    }
    if (!all && !exclude.isEmpty()) {
      throw new InvalidInputException(
          "--exclude %s: only --features auto takes columns that aren't named; leave it out"
              .formatted(String.join(",", exclude)));
    }
    return new FeatureRequest(
        all ? everything(named, exclude, columns) : named, List.copyOf(named.keySet()), planned);
  }

  private static FeatureKind kind(String feature, String label) {
    return FeatureKind.named(label)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--features %s: unknown kind '%s'; the kinds are %s"
                        .formatted(
                            feature,
                            label,
                            Arrays.stream(FeatureKind.values())
                                .map(FeatureKind::label)
                                .collect(Collectors.joining(", ")))));
  }

  private static Map<String, FeatureKind> everything(
      Map<String, FeatureKind> named, List<String> exclude, List<String> columns) {
    for (String name : exclude) {
      if (!columns.contains(name)) {
        throw new InvalidInputException(
            "--exclude %s: no such column; the table's are %s"
                .formatted(name, String.join(", ", columns)));
      }
    }
    var kinds = new LinkedHashMap<String, FeatureKind>();
    for (String name : columns) {
      if (!exclude.contains(name)) {
        kinds.put(name, named.getOrDefault(name, FeatureKind.AUTO));
      }
    }
    named.forEach(kinds::putIfAbsent); // so that a name that the table lacks is an error
    return kinds;
  }
}
