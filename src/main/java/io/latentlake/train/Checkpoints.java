package io.latentlake.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.latentlake.data.FileSystems;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.SealedFolder;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of a training's checkpoints, {@code round-0000000042} and so on, on any file system
 * Hadoop knows. One appears under its name only when it is complete, and older ones go only after
 * that. It belongs to one run at a time.
 */
public final class Checkpoints {
  private static final String NAME = "round-%010d";
  private static final Pattern COMPLETE = Pattern.compile("round-\\d{10,}");

  /** What a killed run was writing, as {@link StagedFolder} calls it. */
  private static final Pattern LEFT_BEHIND = Pattern.compile("\\.round-\\d{10,}\\.incomplete-.*");

  private final String folder;
  private final CheckpointInterval interval;
  private final int keep;
  private final Configuration hadoop;

  /** What was there when this run began, and what it wrote. */
  private final Set<String> known = new HashSet<>();

  /**
   * A folder, which need not exist yet.
   *
   * @param keep how many are kept
   * @throws InvalidInputException when that is less than one
   */
  public Checkpoints(String folder, CheckpointInterval interval, int keep, Configuration hadoop) {
    if (keep < 1) {
      throw new InvalidInputException("--checkpoint-keep %d: must be at least 1".formatted(keep));
    }
    this.folder = folder;
    this.interval = interval;
    this.keep = keep;
    this.hadoop = hadoop;
  }

  CheckpointInterval interval() {
    return interval;
  }

  /**
   * The newest intact one of a training.
   *
   * @param request what the training is asked for now
   * @param damaged is told of newer ones that can't be used, and why
   * @return empty where there is none at all
   * @throws InvalidInputException when all are damaged, or the training was asked for otherwise
   */
  public Optional<Checkpoint> newest(TrainingRequest request, Consumer<String> damaged) {
    List<Path> newestFirst = found();
    newestFirst.forEach(path -> known.add(path.getName()));
    DamagedException last = null;
    for (Path path : newestFirst) {
      try {
        return Optional.of(read(path, request));
      } catch (DamagedException e) {
        damaged.accept(path + ": " + e.getMessage());
        last = e;
      }
    }
    if (last != null) {
      throw new InvalidInputException(
          "--checkpoint %s: none of its %d checkpoints is intact (%s); begin anew in another folder"
              .formatted(folder, newestFirst.size(), last.getMessage()),
          last);
    }
    return Optional.empty();
  }

  /** A checkpoint can't be used; which is no reason to stop while there is an older one. */
  private static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The training was asked for otherwise, which an older checkpoint doesn't mend. */
  private static final class OtherRequestException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    OtherRequestException(Path path, String difference) {
      super(
          "%s: was begun otherwise (%s); give what it was begun with, or begin anew in another --checkpoint folder"
              .formatted(path, difference));
    }
  }

  private Checkpoint read(Path path, TrainingRequest request) throws DamagedException {
    try {
      var sealed = new SealedFolder(files(), path, Checkpoint.DOCUMENT);
      CheckpointDocument document = document(sealed);
      Optional<String> difference = document.request().differenceTo(request);
      if (difference.isPresent()) {
        throw new OtherRequestException(path, difference.get());
      }
      // The request is the user's own, and decides how much memory this takes.
      return Checkpoint.read(path.toString(), sealed, document);
    } catch (OtherRequestException e) {
      throw e;
    } catch (IOException | InvalidInputException e) {
      throw new DamagedException(e.getMessage(), e);
    }
  }

  private static CheckpointDocument document(SealedFolder sealed) throws IOException {
    byte[] json = sealed.document();
    sealed.verifySeal(json);
    try {
      return CheckpointDocument.read(json);
    } catch (JsonProcessingException e) {
      String message = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new InvalidInputException(Checkpoint.DOCUMENT + ": " + message, e);
    }
  }

  /**
   * Makes the folder and a file in it, so that one which can't be made or written to is known
   * before the first epoch is over.
   *
   * @throws InvalidInputException when it can't
   */
  public void make() {
    try {
      if (!files().mkdirs(new Path(folder))) {
        throw new IOException("the file system refuses, and doesn't say why");
      }
      var probe = new Path(folder, ".probe");
      files().create(probe).close();
      files().delete(probe, false);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "--checkpoint %s: can't be written to: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /**
   * That no other training's are there.
   *
   * @param replaced whether they are removed
   * @throws InvalidInputException when they are there and may not be removed
   */
  public void begin(boolean replaced) {
    List<Path> others = found();
    if (!others.isEmpty() && !replaced) {
      throw new InvalidInputException(
          "--checkpoint %s: holds %s; go on from it with --resume, name another folder, or remove it with --overwrite"
              .formatted(folder, others.get(0).getName()));
    }
    others.forEach(this::delete);
  }

  /**
   * Writes one. Then those go that are too many, those that a retry or a damage has made worthless,
   * and what killed runs left behind.
   *
   * @param document its files aren't known yet
   * @throws InvalidInputException when another run writes there
   * @throws UncheckedIOException when it can't be written, as for want of room
   */
  void write(CheckpointDocument document, AveragingState state) {
    requireOwn();
    String name = NAME.formatted(state.trend().rounds());
    try (var staged = StagedFolder.create(new Path(folder, name).toString(), true, hadoop)) {
      var sealed = new SealedFolder(staged.files(), staged.path(), Checkpoint.DOCUMENT);
      Checkpoint.write(sealed, document, state);
      staged.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "--checkpoint %s: can't be written: %s".formatted(folder, e.getMessage()), e);
    }
    known.add(name);
    found().stream().filter(path -> path.getName().compareTo(name) > 0).forEach(this::delete);
    found().stream().skip(keep).forEach(this::delete);
    list(LEFT_BEHIND).forEach(this::delete);
  }

  private void requireOwn() {
    for (Path path : found()) {
      if (!known.contains(path.getName())) {
        throw new InvalidInputException(
            "--checkpoint %s: another run writes there (%s is not this one's); give each run a folder of its own"
                .formatted(folder, path.getName()));
      }
    }
  }

  /** The complete ones, newest first. */
  private List<Path> found() {
    return list(COMPLETE).stream().sorted(Comparator.reverseOrder()).toList();
  }

  private List<Path> list(Pattern names) {
    try {
      var path = new Path(folder);
      FileSystem files = files();
      if (!files.exists(path)) {
        return List.of();
      }
      return Arrays.stream(files.listStatus(path))
          .map(FileStatus::getPath)
          .filter(each -> names.matcher(each.getName()).matches())
          .toList();
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "--checkpoint %s: can't be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private void delete(Path path) {
    try {
      files().delete(path, true);
    } catch (IOException e) {
      throw new InvalidInputException(
          "--checkpoint %s: %s can't be removed: %s"
              .formatted(folder, path.getName(), e.getMessage()),
          e);
    }
  }

  private FileSystem files() throws IOException {
    return FileSystems.of(new Path(folder), hadoop);
  }
}
