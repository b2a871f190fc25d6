package io.latentlake.train;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A shard isn't what was packed any more: a disk, or memory, has changed a bit. Its executor packs
 * it anew when it is asked for again, as by the next attempt of the task that failed.
 */
final class ShardDamagedException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  ShardDamagedException(String message) {
    super(new IOException(message));
  }
}
