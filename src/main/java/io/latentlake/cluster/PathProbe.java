package io.latentlake.cluster;

import io.latentlake.data.FileSystems;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether a run can write at a path: the driver makes a hidden folder there, executors read what
 * the driver wrote and write beside it, and the driver must find that and be able to rename it, as
 * a finished table is. The folder goes when the probe ends.
 *
 * @param path that is probed
 * @param folder made for that
 */
record PathProbe(String path, String folder) implements Serializable {
  private static final String FROM_DRIVER = "driver";

  /**
   * Writes as the driver.
   *
   * @param path where a run is to write; it needn't be there, the nearest folder above it that is
   *     takes its place
   * @throws InvalidInputException when nothing can be written there
   */
  static PathProbe begin(String path, Configuration hadoop) {
    try {
      var wanted = new Path(path);
      FileSystem files = FileSystems.of(wanted, hadoop);
      Path there = files.makeQualified(wanted);
      while (!files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      var folder = new Path(there, ".latentlake-doctor-" + UUID.randomUUID());
      files.mkdirs(folder);
      var probe = new PathProbe(path, folder.toString());
      probe.write(FROM_DRIVER, hadoop);
      return probe;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("can't be written to: " + firstLine(e), e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  private void write(String name, Configuration hadoop) {
    FileSystems.write(
        new Path(folder, name).toString(), name.getBytes(StandardCharsets.UTF_8), hadoop);
  }

  /**
   * Reads and writes as a task.
   *
   * @param task names its file
   * @return what went wrong; empty when nothing did
   */
  String tryAs(String task, Configuration hadoop) {
    var written = new Path(folder, FROM_DRIVER);
    try {
      if (!FileSystems.of(written, hadoop).exists(written)) {
        return "doesn't see what the driver wrote at %s: take a path that all hosts share"
            .formatted(path);
      }
      write(task, hadoop);
      return "";
    } catch (IOException | InvalidInputException e) {
      return "can't write at %s: %s".formatted(path, firstLine(e));
    }
  }

  /**
   * Looks for what tasks wrote, and cleans up.
   *
   * @param tasks their files, and where each ran
   */
  List<Finding> end(Map<String, String> tasks, Configuration hadoop) {
    var findings = new ArrayList<Finding>();
    var place = new Path(folder);
    try {
      FileSystem files = FileSystems.of(place, hadoop);
      for (var task : tasks.entrySet()) {
        if (!files.exists(new Path(place, task.getKey()))) {
          findings.add(
              Finding.problem(
                  path,
                  "the driver doesn't see what %s wrote: take a path that all hosts share",
                  task.getValue()));
        }
      }
      var renamed = new Path(place.getParent(), place.getName() + ".renamed");
      boolean moved = files.rename(place, renamed);
      if (!moved) {
        findings.add(
            Finding.problem(
                path, "folders can't be renamed there: a finished table would not appear"));
      }
      if (!files.delete(moved ? renamed : place, true)) {
        findings.add(Finding.problem(path, "%s can't be deleted", moved ? renamed : place));
      }
    } catch (IOException e) {
      findings.add(Finding.problem(path, "can't be listed or cleaned up: %s", firstLine(e)));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(path, "can be read, written and renamed by all"));
    }
    return findings;
  }
}
