package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems, with a clear error where one is not installed. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * The file system of a path; a path without a scheme is on the default one.
   *
   * @throws InvalidInputException when nothing on the classpath knows the scheme
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof ClassNotFoundException)) {
        throw e;
      }
      throw new InvalidInputException(
          "%s: the file system of '%s' is not installed (%s); add it, as with -- --packages"
                  .formatted(path, path.toUri().getScheme(), e.getCause().getMessage())
              + " org.apache.hadoop:hadoop-aws:3.3.4 for s3a",
          e);
    }
  }
}
