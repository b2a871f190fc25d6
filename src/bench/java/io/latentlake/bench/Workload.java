package io.latentlake.bench;

import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.TableReader;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.TrainSpec;
import io.latentlake.variant.Variants;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What every contender does: conf/mnist.conf's network on MNIST. */
final class Workload {
  private static final String FILE = "mnist.conf";

  private Workload() {}

  /** conf/mnist.conf, with some settings overridden. */
  static Configuration configuration(Map<String, ?> overrides) {
    return configuration(FILE, overrides);
  }

  /** A file of conf/, with some settings overridden. */
  static Configuration configuration(String file, Map<String, ?> overrides) {
    try (InputStream in = Workload.class.getResourceAsStream(file)) {
      String hocon = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Configuration.parse(hocon, file, overrides);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** conf/mnist.conf as it is. */
  static Configuration configuration() {
    return configuration(Map.of());
  }

  /** The images' bytes. */
  static FeaturePlan features() {
    return new FeaturePlan(
        List.of(new FeatureColumn(TableReader.IMAGE, FeatureColumn.Kind.BYTES, Mnist.FEATURES)));
  }

  /** Its network with fresh weights; the caller closes it. */
  static VaeNetwork untrained() {
    Configuration configuration = configuration();
    TrainSpec train = configuration.train();
    return Variants.trainable(
        configuration.model(), RowShape.of(Mnist.FEATURES), train.updater(), train.seed());
  }

  /** Of its network. */
  static Work work() {
    return Work.of(configuration().model(), Mnist.FEATURES);
  }
}
