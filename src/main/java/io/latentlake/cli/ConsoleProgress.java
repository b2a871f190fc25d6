package io.latentlake.cli;

import io.latentlake.data.RejectReason;
import io.latentlake.nn.ElboTerms;
import io.latentlake.spec.TrainSpec;
import io.latentlake.train.EpochRecord;
import io.latentlake.train.History;
import io.latentlake.train.LatentUse;
import io.latentlake.train.RoundTime;
import io.latentlake.train.TrainingProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar while an epoch runs, where there is a terminal, and a line of a table when it is done. */
class ConsoleProgress implements TrainingProgress {
  private static final long LINE_EVERY_NANOS = 10_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal = System.console() != null;
  private long rows;
  private int epochs;
  private int workers;
  private long epochStart;
  private long lastLine;
  private ProgressBar bar;

  ConsoleProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void started(
      long rowCount, Map<RejectReason, Long> rejected, TrainSpec requested, TrainSpec resolved) {
    rows = rowCount;
    epochs = resolved.epochs();
    workers = resolved.workers();
    out.printf(
        Locale.ROOT,
        "Training on %,d rows with %d worker%s, %d epoch%s%n",
        rows,
        workers,
        workers == 1 ? "" : "s",
        epochs,
        epochs == 1 ? "" : "s");
    rejected.forEach(
        (reason, count) -> out.printf(Locale.ROOT, "  left out %,d rows: %s%n", count, reason));
    reportScaling(requested, resolved);
    out.println(
        "epoch    train loss  reconstruction       kl | validation  reconstruction       kl |"
            + " seconds    rows/s");
    out.flush();
    startEpoch();
  }

  private void reportScaling(TrainSpec requested, TrainSpec resolved) {
    if (requested.batchSize() != resolved.batchSize()) {
      out.printf(
          Locale.ROOT,
          "  scaled to %d workers: batch %d (asked for %d), learning rate %.4g (%.4g), warm-up over"
              + " %d minibatches; --no-scaling keeps what was asked for%n",
          workers,
          resolved.batchSize(),
          requested.batchSize(),
          resolved.updater().learningRate(),
          requested.updater().learningRate(),
          resolved.warmUp());
    }
  }

  @Override
  public void warning(String message) {
    closeBar();
    out.println("  " + message);
    out.flush();
  }

  @Override
  public void trained(History history) {
    if (history.latent() != null) {
      printUse(history.latent());
    }
    if (history.logLikelihood() != null) {
      out.printf(Locale.ROOT, "log p(x) ≥ %.2f nats a row%n", history.logLikelihood());
    }
    printTime(history);
    out.flush();
  }

  private void printUse(LatentUse use) {
    out.printf(
        Locale.ROOT,
        "%d of %d latent dimensions are active; z tells at least %.1f nats about x%n",
        use.activeUnits(),
        use.dimensions(),
        use.mutualInformation());
    if (use.isCollapsed()) {
      out.println(
          "  The posterior has collapsed in the others: for more, set model.penalty.warm-up or"
              + " free-bits, or lower its weight; for a smaller model, lower model.latent");
    }
  }

  private void printTime(History history) {
    RoundTime time = history.time();
    if (time.total() == 0) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "%d averaging rounds: %.0f %% of the time computing, %.0f %% waiting for the slowest worker,"
            + " %.0f %% broadcasting, %.0f %% aggregating%n",
        history.epochs().stream().mapToInt(epoch -> epoch.rounds().size()).sum(),
        100 * time.compute() / time.total(),
        100 * time.waiting() / time.total(),
        100 * time.broadcast() / time.total(),
        100 * time.aggregate() / time.total());
    if (time.work() < time.total()) {
      out.printf(
          Locale.ROOT,
          "One worker alone would have been faster: about %.1f s instead of %.1f s; use --workers 1,"
              + " or average less often%n",
          time.work(),
          time.total());
    }
  }

  private void startEpoch() {
    epochStart = System.nanoTime();
    lastLine = epochStart;
  }

  @Override
  public void rowsDone(int epoch, long done) {
    if (terminal) {
      bar(epoch).stepTo(done);
    } else if (System.nanoTime() - lastLine > LINE_EVERY_NANOS) {
      lastLine = System.nanoTime();
      double seconds = (lastLine - epochStart) / 1e9;
      double speed = done / seconds;
      out.printf(
          Locale.ROOT,
          "  epoch %d/%d: %,d of %,d rows, %,.0f rows/s, %.0f s left%n",
          epoch,
          epochs,
          done,
          rows,
          speed,
          (rows - done) / speed);
      out.flush();
    }
  }

  private ProgressBar bar(int epoch) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("epoch %d/%d".formatted(epoch, epochs))
              .setInitialMax(rows)
              .setUnit(" rows", 1)
              .showSpeed()
              .setStyle(ProgressBarStyle.ASCII)
              .clearDisplayOnFinish()
              .build();
    }
    return bar;
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void epochDone(EpochRecord epoch) {
    closeBar();
    out.printf(
        Locale.ROOT,
        "%5d %s | %s | %7.1f %,9.0f%n",
        epoch.epoch(),
        terms(epoch.train(), 13),
        epoch.validation() == null ? " ".repeat(35) : terms(epoch.validation(), 10),
        epoch.seconds(),
        rows / epoch.seconds());
    out.flush();
    startEpoch();
  }

  private static String terms(ElboTerms terms, int width) {
    return String.format(
        Locale.ROOT,
        "%" + width + ".2f %15.2f %8.2f",
        terms.loss(),
        terms.reconstruction(),
        terms.kl());
  }
}
