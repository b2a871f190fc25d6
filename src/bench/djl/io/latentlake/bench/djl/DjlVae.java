package io.latentlake.bench.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Trains and scores with DJL on one thread, and prints what PyTorch's script prints: {@code --data
 * FOLDER --epochs N} to one JSON object.
 */
public final class DjlVae {
  private static final int FEATURES = 784;
  private static final int HEADER = 16;
  private static final int BATCH = 128;
  private static final int[] SCORED_BATCHES = {128, 1024, 4096};
  private static final int SCORED_PASSES = 5;

  private final NDManager manager;
  private final Trainer trainer;

  private DjlVae(Model model) {
    this.manager = model.getNDManager();
    model.setBlock(new VaeBlock());
    // The loss is our own, below; DJL wants one all the same.
    var adam = Adam.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
    this.trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(adam));
    trainer.initialize(new Shape(BATCH, FEATURES));
  }

  /** {@code --data FOLDER --epochs N}, in this order. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    int epochs = Integer.parseInt(arguments[3]);
    try (Model model = Model.newInstance("vae", "PyTorch")) {
      var vae = new DjlVae(model);
      NDArray train = images(vae.manager, folder.resolve("train-images-idx3-ubyte.gz"));
      NDArray test = images(vae.manager, folder.resolve("t10k-images-idx3-ubyte.gz"));
      var records = new StringJoiner(", ", "[", "]");
      for (int epoch = 0; epoch < epochs; epoch++) {
        records.add(vae.epoch(train));
      }
      System.out.printf(
          "{\"epochs\": %s, \"score_rows_per_second\": %s}%n", records, vae.scores(test));
      vae.trainer.close();
    }
  }

  private static NDArray images(NDManager manager, Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
      in.skipNBytes(HEADER);
      byte[] pixels = in.readAllBytes();
      var values = new float[pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        values[i] = (pixels[i] & 0xff) / 255f;
      }
      return manager.create(values, new Shape(pixels.length / FEATURES, FEATURES));
    }
  }

  /** An epoch's seconds and mean loss, in nats, as JSON. */
  private String epoch(NDArray train) {
    long start = System.nanoTime();
    long rows = train.size(0);
    double total = 0;
    try (NDManager scope = manager.newSubManager()) {
      NDArray order = scope.randomPermutation(rows);
      for (long at = 0; at < rows; at += BATCH) {
        try (NDManager step = manager.newSubManager()) {
          NDArray rowNumbers = order.get("{}:{}", at, Math.min(rows, at + BATCH));
          rowNumbers.attach(step);
          NDArray x = train.get(step, new NDIndex("{}", rowNumbers));
          total += step(x);
        }
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return String.format(
        Locale.ROOT, "{\"seconds\": %.3f, \"train\": %.3f}", seconds, total / rows);
  }

  private double step(NDArray x) {
    NDArray loss;
    try (GradientCollector gradients = trainer.newGradientCollector()) {
      loss = loss(trainer.forward(new NDList(x)), x);
      gradients.backward(loss);
    }
    trainer.step();
    return loss.getFloat();
  }

  /** −ELBO, summed over rows: binary cross-entropy from logits, and KL(q(z|x) ‖ N(0, I)). */
  private static NDArray loss(NDList outputs, NDArray x) {
    NDArray mu = outputs.get(1);
    NDArray logVar = outputs.get(2);
    NDArray kl = mu.square().add(logVar.exp()).sub(logVar).sub(1).sum().mul(0.5f);
    return crossEntropy(outputs.get(0), x).sum().add(kl);
  }

  private static NDArray crossEntropy(NDArray logits, NDArray x) {
    NDArray tail = Activation.softPlus(logits.abs().neg());
    return Activation.relu(logits).sub(logits.mul(x)).add(tail);
  }

  /** Rows a second for each size of batch, as JSON. */
  private String scores(NDArray test) {
    Map<Integer, Long> speeds = new TreeMap<>();
    for (int size : SCORED_BATCHES) {
      long start = System.nanoTime();
      for (int pass = 0; pass < SCORED_PASSES; pass++) {
        score(test, size);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      speeds.put(size, Math.round(SCORED_PASSES * test.size(0) / seconds));
    }
    var json = new StringJoiner(", ", "{", "}");
    speeds.forEach((size, speed) -> json.add("\"%d\": %d".formatted(size, speed)));
    return json.toString();
  }

  private void score(NDArray test, int size) {
    for (long at = 0; at < test.size(0); at += size) {
      try (NDManager step = manager.newSubManager()) {
        NDArray x = test.get("{}:{}", at, Math.min(test.size(0), at + size));
        x.attach(step);
        NDList outputs = trainer.evaluate(new NDList(x));
        crossEntropy(outputs.get(0), x).sum(new int[] {1}).toFloatArray();
      }
    }
  }
}
