package io.latentlake.data;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under another scheme, whose renames may fail, and which like other file systems
 * than the local one renames into a folder that is there.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final String SCHEME = "faulty";

  /** What becomes of a rename. */
  interface Fault {
    /** Nothing, or throws; {@code number} counts from 1. */
    void at(int number, java.nio.file.Path from, java.nio.file.Path to) throws IOException;
  }

  private static Fault fault;
  private static int renames;
  private static java.nio.file.Path closed;

  /** Null until it is initialized; asked for before. */
  private URI uri;

  /** Makes it known. */
  static void install(Configuration hadoop) {
    hadoop.setClass("fs.faulty.impl", FaultyFileSystem.class, FaultyFileSystem.class);
    set((number, from, to) -> {});
    closed = null;
  }

  /** From now on nobody may look at this folder or make files in it; in folders below, they may. */
  static void close(java.nio.file.Path folder) {
    closed = folder;
  }

  /** From now on renames fail so. */
  static void set(Fault next) {
    fault = next;
    renames = 0;
  }

  static String path(java.nio.file.Path local) {
    return SCHEME + "://" + local;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public URI getUri() {
    return uri == null ? URI.create(SCHEME + ":///") : uri;
  }

  @Override
  public void initialize(URI name, Configuration hadoop) throws IOException {
    super.initialize(name, hadoop);
    if (name.getAuthority() != null) {
      uri = URI.create(SCHEME + "://" + name.getAuthority());
    }
  }

  @Override
  protected int getDefaultPort() {
    return getUri().getHost() == null ? 0 : 8020;
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (pathToFile(file).toPath().getParent().equals(closed)) {
      throw new AccessControlException("may not write here");
    }
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  /** Without what local files have more, which only knows their own scheme. */
  private static FileStatus plain(FileStatus file) {
    return new FileStatus(
        file.getLen(), file.isDirectory(), 1, 0, file.getModificationTime(), file.getPath());
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    if (pathToFile(path).toPath().equals(closed)) {
      throw new AccessControlException("may not look here");
    }
    return plain(super.getFileStatus(path));
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    return Arrays.stream(super.listStatus(folder))
        .map(FaultyFileSystem::plain)
        .toArray(FileStatus[]::new);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    renames++;
    fault.at(renames, pathToFile(from).toPath(), pathToFile(to).toPath());
    return super.rename(from, to);
  }
}
