package io.latentlake.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings: defaults, files over them, flags over files, and what is refused. */
class ConfigurationTest {

  @Test
  void theDefaultsAreTheClassicVae() {
    Configuration defaults = Configuration.defaults();
    assertEquals(List.of(400), defaults.model().encoder());
    assertEquals(20, defaults.model().latent());
    assertEquals(Family.AUTO, defaults.model().likelihood().family());
    assertEquals(UpdaterSpec.Kind.ADAM, defaults.train().updater().kind());
    assertEquals(0.01, defaults.score().contamination());
  }

  @Test
  void aFileOverridesDefaultsAndFlagsOverrideTheFile() {
    Configuration read =
        Configuration.parse(
            "train { epochs = 3, batch-size = 64 }, model.encoder = []",
            "a.conf",
            Map.of("train.epochs", 5));
    assertEquals(5, read.train().epochs());
    assertEquals(64, read.train().batchSize());
    assertEquals(List.of(), read.model().encoder());
    assertEquals(List.of(400), read.model().decoder());
  }

  @Test
  void theMnistExampleIsTheDefault() throws IOException {
    String example = Files.readString(Path.of("conf", "mnist.conf"));
    Configuration defaults = Configuration.defaults();
    // What auto is of images.
    VaeSpec ofImages = defaults.model().withLikelihood(LikelihoodSpec.of(Family.BERNOULLI));
    assertEquals(
        new Configuration(ofImages, defaults.train(), defaults.score()),
        Configuration.parse(example, "conf/mnist.conf", Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train.epoch = 3              | unknown key 'train.epoch'
          model { depth = 3 }          | unknown key 'model.depth'
          train = 5                    | unknown key 'train'
          train.epochs = 0             | train.epochs = 0: must be at least 1
          train.epochs = 1.5           | train.epochs
          train.epochs = many          | train.epochs
          train.shard-memory = -1      | train.shard-memory = -1: must be a number of bytes
          train.shard-memory = much    | train.shard-memory = much: must be a number of bytes
          train.shard-memory = [1]     | train.shard-memory = [1]: must be a number of bytes
          train.updater.learning-rate = -1 | train.updater.learning-rate = -1.0: must be a finite number above 0
          train.updater.kind = adamw   | must be one of adam, rmsprop, sgd
          model.latent = 0             | model.latent = 0
          model.encoder = [400, 0]     | model.encoder layer size = 0
          model.activation = sigmoid   | must be one of relu, elu, tanh, silu
          model.likelihood.family = poisson | must be one of bernoulli, continuous-bernoulli, gaussian, gaussian-feature-variance, gaussian-learned-variance, laplace, categorical, mixed
          model.likelihood.scale = 0   | model.likelihood.scale = 0.0: must be a finite number above 0
          model.likelihood.family = mixed | model.likelihood.groups = []: a mixed likelihood needs at least one
          model.likelihood.groups = [{family = gaussian, width = 3}] | model.likelihood.groups of widths 3: only a mixed likelihood has groups
          model.likelihood { family = mixed, groups = [{family = mixed, width = 3}] } | model.likelihood.groups.family = mixed: a group has one family
          model.likelihood { family = mixed, groups = [{family = gaussian, width = 0}] } | model.likelihood.groups.width = 0: must be at least 1
          model.likelihood { family = mixed, groups = [{width = 2}] } | family
          model.likelihood { family = mixed, groups = [{family = gaussian, width = 2, wide = 3}] } | wide
          model.likelihood { family = mixed, groups = 5 } | model.likelihood.groups
          train { dynamic-binarization = true, master = stock } | doesn't go with train.master = stock
          train.dynamic-binarization = true, model.likelihood.family = gaussian | must be probabilities
          train.dynamic-binarization = perhaps | train.dynamic-binarization
          model.network.kind = transformer  | must be one of mlp, convolutional
          model.network.normalization = group | must be one of none, batch, layer
          model.network.dropout = 1         | model.network.dropout = 1.0: must be at least 0 and below 1
          model.network.dropout = -0.1      | model.network.dropout = -0.1: must be at least 0 and below 1
          model.network { kind = convolutional, image = [28, 28] } | must be channels, height and width
          model.network { kind = convolutional, image = [1, 0, 28] } | model.network.image size = 0
          model.network { kind = convolutional, channels = [] } | must be one count for each convolution
          model.network { kind = convolutional, channels = [0] } | model.network.channels count = 0
          model.network { kind = convolutional, channels = [8, 8, 8] } | must be multiples of 8
          model.network { kind = convolutional, image = [1, 27, 28] } | must be multiples of 4
          model.network { kind = convolutional, channels = [2000000000] } | more than 2147483647 values a row
          score.contamination = 0.7    | score.contamination = 0.7: must lie strictly between 0.0 and 0.5
          score.samples = 100001       | score.samples = 100001: must be at most 100000
          score.batch-size = 65537     | score.batch-size = 65537: must be at most 65536
          train {                      | not valid HOCON
          """)
  void whatCannotBeUsedIsNamed(String text, String message) {
    var error =
        assertThrows(
            InvalidInputException.class, () -> Configuration.parse(text, "my.conf", Map.of()));
    assertTrue(error.getMessage().startsWith("my.conf: "), error.getMessage());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "256 MiB, 268435456",
    "1.5 GiB, 1610612736",
    "2 GB, 2000000000"
  })
  void memoryIsGivenInBytesOrWithAUnit(String given, long bytes) {
    String text = "train.shard-memory = " + given;
    assertEquals(bytes, Configuration.parse(text, "a.conf", Map.of()).train().shardMemory());
  }

  @Test
  void anUnknownKeyIsAnsweredWithTheKnownOnes() {
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> Configuration.parse("train.epoch = 3", "my.conf", Map.of()));
    assertTrue(error.getMessage().contains("train.epochs"), error.getMessage());
    assertTrue(error.getMessage().contains("score.contamination"), error.getMessage());
  }

  @Test
  void groupsOfAMixedLikelihoodReadBackToo() throws IOException {
    Configuration written =
        Configuration.parse(
            """
            model.likelihood {
              family = mixed
              scale = 0.5
              groups = [{ family = laplace, width = 3 }, { family = categorical, width = 5 }]
            }
            """,
            "a",
            Map.of());
    assertEquals(
        List.of(new Group(Family.LAPLACE, 3), new Group(Family.CATEGORICAL, 5)),
        written.model().likelihood().groups());
    byte[] json = Json.MAPPER.writeValueAsBytes(written);
    assertEquals(written, Json.MAPPER.readValue(json, Configuration.class));
  }

  @Test
  void writtenAsJsonItReadsBack() throws IOException {
    Configuration written =
        Configuration.parse(
            "model.likelihood { family = gaussian, variance = 0.25 }", "a", Map.of());
    byte[] json = Json.MAPPER.writeValueAsBytes(written);
    assertEquals(written, Json.MAPPER.readValue(json, Configuration.class));
  }
}
