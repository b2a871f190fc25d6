package io.latentlake.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The peers that can run here, or what they lack. */
final class Peers {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String SCRIPT = "pytorch_vae.py";

  private Peers() {}

  /**
   * Why PyTorch can't be measured, if so.
   *
   * @param folder that was given to have the script
   */
  static Optional<String> missingForPytorch(Optional<Path> folder)
      throws IOException, InterruptedException {
    if (folder.isEmpty()) {
      return Optional.of("give the folder that has " + SCRIPT + " with --peers");
    }
    if (!Files.isRegularFile(folder.get().resolve(SCRIPT))) {
      return Optional.of(folder.get().resolve(SCRIPT) + " is not there");
    }
    if (!importsTorch()) {
      return Optional.of(
          PYTHON
              + " can't import torch; install Debian's python3-torch, python3-numpy and"
              + " libopenblas0-pthread");
    }
    return Optional.empty();
  }

  private static boolean importsTorch() throws IOException, InterruptedException {
    return Files.isExecutable(Path.of(PYTHON))
        && new ProcessBuilder(PYTHON, "-c", "import torch")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  /** PyTorch on one core, and with two for its BLAS. */
  static List<Contender> pytorch(Path folder, Path data) {
    List<String> command = List.of(PYTHON, folder.resolve(SCRIPT).toString());
    return List.of(
        new Peer(command, 1, data, Quantity.PYTORCH_EPOCH_ONE, Quantity.PYTORCH_SCORE_ONE),
        new Peer(command, 2, data, Quantity.PYTORCH_EPOCH_TWO, Quantity.PYTORCH_SCORE_TWO));
  }

  /** Why DJL can't be measured, if so. */
  static Optional<String> missingForDjl() {
    return Files.isDirectory(djl().resolve("jars")) && Files.isDirectory(djl().resolve("classes"))
        ? Optional.empty()
        : Optional.of("not built; build it with 'mvn -Pdjl package -DskipTests'");
  }

  /** DJL on one core. */
  static Contender djl(Path data) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = djl().resolve("classes") + File.pathSeparator + djl().resolve("jars") + "/*";
    List<String> command =
        List.of(
            java,
            "-Dai.djl.offline=true",
            "-Dai.djl.pytorch.num_threads=1",
            "-Dai.djl.pytorch.num_interop_threads=1",
            // Where it unpacks its natives: kept between runs, and gone with the build.
            "-DDJL_CACHE_DIR=" + djl().resolve("cache"),
            "-cp",
            classes,
            "io.latentlake.bench.djl.DjlVae");
    return new Peer(command, 1, data, Quantity.DJL_EPOCH, Quantity.DJL_SCORE);
  }

  /** What the profile djl built, beside this jar. */
  private static Path djl() {
    try {
      Path jar = Path.of(Peers.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.resolveSibling("djl");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the jar's own location is a URI", e);
    }
  }
}
