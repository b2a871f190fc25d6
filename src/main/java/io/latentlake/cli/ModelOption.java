package io.latentlake.cli;

import picocli.CommandLine.Option;

/** Which model a command uses. */
final class ModelOption {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model's folder, on any file system Hadoop knows.")
  private String folder;

  String folder() {
    return folder;
  }
}
