package io.latentlake.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The image sets in the jar, so that a first run needs no network. */
public enum BundledSet {
  MNIST_TRAIN("mnist:train", "mnist", "train"),
  MNIST_TEST("mnist:test", "mnist", "t10k"),
  FASHION_MNIST_TEST("fashion-mnist:test", "fashion-mnist", "t10k");

  private final String specification;
  private final String dataset;
  private final String part;

  BundledSet(String specification, String dataset, String part) {
    this.specification = specification;
    this.dataset = dataset;
    this.part = part;
  }

  /** How the command line names it. */
  public String specification() {
    return specification;
  }

  /** What its column {@code dataset} holds. */
  public String dataset() {
    return dataset;
  }

  static Optional<BundledSet> named(String specification) {
    return Arrays.stream(values())
        .filter(set -> set.specification.equals(specification))
        .findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(BundledSet::specification).collect(Collectors.joining(", "));
  }

  IdxFile images() throws IOException {
    return open("images-idx3-ubyte.gz");
  }

  IdxFile labels() throws IOException {
    return open("labels-idx1-ubyte.gz");
  }

  private IdxFile open(String kind) throws IOException {
    String resource = "%s/%s-%s".formatted(dataset, part, kind);
    InputStream in = BundledSet.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(resource + " is missing from the jar");
    }
    return new IdxFile(in, resource);
  }
}
