package io.latentlake.report;

import io.latentlake.nn.ElboTerms;
import io.latentlake.report.Diagrams.Curve;
import io.latentlake.train.EpochRecord;
import io.latentlake.train.History;
import io.latentlake.train.RoundTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How a training went: its losses and its time. */
final class LearningSection {
  /** Of the loss: a smaller change between two epochs is noise. */
  private static final double CHANGE = 0.002;

  /** Share of the time. */
  private static final double MUCH = 0.1;

  private LearningSection() {}

  static Section of(History history) {
    var section = new Section("loss", "How it learned");
    section.say(finding(history.epochs(), history.isValidated()));
    section.show(
        curves(
            "Loss",
            history,
            ElboTerms::loss,
            "−ELBO with one sampled z a row. Good: it falls and levels off, and validation stays close to training."));
    // A plain autoencoder's loss has one part.
    if (history.epochs().stream().anyMatch(epoch -> epoch.train().kl() != 0)) {
      showParts(section, history);
    }
    if (history.epochs().stream().anyMatch(epoch -> epoch.train().adversary() != 0)) {
      section.show(
          curves(
              "Adversary",
              history,
              ElboTerms::adversary,
              "The discriminator's loss: 1.39 where it can't tell anything apart."));
    }
    if (history.time().total() > 0) {
      section.show(time(history));
    }
    return section;
  }

  private static void showParts(Section section, History history) {
    section
        .show(
            curves(
                "Reconstruction",
                history,
                ElboTerms::reconstruction,
                "What the decoder gets wrong, −log p(x|z). The larger part, and the one to fall."))
        .show(
            curves(
                "KL",
                history,
                ElboTerms::kl,
                "What z tells about a row. It rises as the encoder learns; near 0 nothing is encoded."));
  }

  private static Figure curves(
      String title, History history, ToDoubleFunction<ElboTerms> part, String caption) {
    var curves = new ArrayList<Curve>();
    curves.add(
        new Curve(
            "training",
            "c1",
            history.epochs().stream().map(EpochRecord::train).mapToDouble(part).toArray()));
    if (history.isValidated()) {
      curves.add(
          new Curve(
              "validation",
              "c2",
              history.epochs().stream().map(EpochRecord::validation).mapToDouble(part).toArray()));
    }
    return Diagrams.curves(title, "nats a row", curves, caption);
  }

  /** What the losses say about the number of epochs. */
  private static String finding(List<EpochRecord> epochs, boolean validated) {
    double[] losses =
        epochs.stream()
            .map(epoch -> validated ? epoch.validation() : epoch.train())
            .mapToDouble(ElboTerms::loss)
            .toArray();
    if (losses.length < 2) {
      return "One epoch says nothing about how many are enough.";
    }
    int best = 0;
    for (int i = 1; i < losses.length; i++) {
      best = losses[i] < losses[best] ? i : best;
    }
    double last = losses[losses.length - 1];
    double fallen = losses[losses.length - 2] - last;
    double noise = CHANGE * Math.abs(last);
    if (last - losses[best] > noise) {
      return "The %s loss was best in epoch %d of %d, and is %s nats above that at the end: fewer epochs, or a smaller network, would do."
          .formatted(
              validated ? "validation" : "training",
              best + 1,
              losses.length,
              Readable.nats(last - losses[best]));
    }
    return fallen > noise
        ? "In its last epoch the loss still fell by %s nats: more epochs would lower it further."
            .formatted(Readable.nats(fallen))
        : "In its last epoch the loss hardly changed (%s nats): more epochs would bring little."
            .formatted(Readable.nats(Math.abs(fallen)));
  }

  /** Where the time of the averaging rounds went; the stock master doesn't tell. */
  private static Figure time(History history) {
    RoundTime time = history.time();
    String most =
        time.communicationShare() < MUCH
            ? ", which is little."
            : ": average less often (train.averaging-frequency), or take fewer workers.";
    return Diagrams.parts(
        "Where the time went",
        List.of(
            new Figure.Part("c1", "computing", time.compute()),
            new Figure.Part("c2", "waiting for the slowest worker", time.waiting()),
            new Figure.Part("c3", "broadcasting weights", time.broadcast()),
            new Figure.Part("c4", "aggregating", time.aggregate())),
        "%s in all. Moving weights about took %s%s Good: nearly all of it computing."
            .formatted(
                Readable.seconds(history.seconds()),
                Readable.share(time.communicationShare()),
                most));
  }
}
