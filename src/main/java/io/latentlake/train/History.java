package io.latentlake.train;

import io.latentlake.spec.Json;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a training run went.
 *
 * @param devices what each executor computed on
 * @param epochs one record an epoch
 */
public record History(List<ExecutorDevice> devices, List<EpochRecord> epochs) {
  private static final String FILE = "history.json";

  public History {
    devices = List.copyOf(devices);
    epochs = List.copyOf(epochs);
  }

  /** The last epoch. */
  public EpochRecord last() {
    return epochs.get(epochs.size() - 1);
  }

  /** Writes {@code history.json} into a model's folder. */
  public void write(FileSystem files, Path folder) throws IOException {
    try (var out = files.create(new Path(folder, FILE), false)) {
      out.write(Json.METRICS.writeValueAsBytes(this));
    }
  }
}
