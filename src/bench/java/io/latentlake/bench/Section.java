package io.latentlake.bench;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parts of the benchmark that can be asked for; each brings those along that it is compared with.
 */
enum Section {
  /** Matrix products alone. */
  PEAK,
  /** Our training. */
  TRAIN(PEAK),
  /** Our scoring. */
  SCORE(PEAK),
  /** Our scoring of a table of mixed columns, without reasons and with them. */
  REASONS,
  /** dl4j-spark's own averaging of our network. */
  STOCK(TRAIN),
  /** DL4J's own layer. */
  DL4J(TRAIN),
  /** A script of PyTorch's. */
  PYTORCH(TRAIN, SCORE),
  /** DJL with PyTorch beneath. */
  DJL(TRAIN, SCORE),
  /** What an averaging round carries. */
  ROUNDS(TRAIN);

  private final List<Section> comparedWith;

  Section(Section... comparedWith) {
    this.comparedWith = List.of(comparedWith);
  }

  /** What {@code --only} calls it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The sections of these names and those that they are compared with; all of them for no name.
   *
   * @throws InvalidInputException when there is none of a name
   */
  static Set<Section> named(List<String> names) {
    if (names.isEmpty()) {
      return EnumSet.allOf(Section.class);
    }
    Set<Section> sections = EnumSet.noneOf(Section.class);
    names.forEach(name -> named(name).addWithCompared(sections));
    return sections;
  }

  private static Section named(String name) {
    return Arrays.stream(values())
        .filter(section -> section.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--only %s: must be some of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Section::label)
                                .collect(Collectors.joining(",")))));
  }

  private void addWithCompared(Set<Section> sections) {
    sections.add(this);
    comparedWith.forEach(section -> section.addWithCompared(sections));
  }
}
