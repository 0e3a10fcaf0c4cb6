package dev.autoloss.operator.report;

import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSource;
import dev.autoloss.api.DatasetSplit;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.Schedule;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was searched, with what: the facts of the spec that a reader needs. */
final class Facts {
  private final Markup page;

  private Facts(Markup page) {
    this.page = page;
  }

  static void write(Markup page, ReportInput input) {
    page.open("div", "class", "wide").open("table").open("tbody");
    new Facts(page).rows(input.spec());
    page.close().close().close();
    if (!input.locations().isEmpty()) {
      page.element("h3", "Where things lie").open("ul");
      for (ReportInput.Location location : input.locations()) {
        page.open("li").text(location.what() + ": ").element("code", location.path()).close();
      }
      page.close();
    }
  }

  private void rows(LossSearchSpec spec) {
    row(
        "Detector",
        word(spec.detector().architecture())
            + " with backbone "
            + word(spec.detector().backbone()));
    row("Data", data(spec.dataset()));
    row("Schedule", schedule(spec.training().schedule()));
    var evolution = spec.evolution();
    row(
        "Evolution",
        Digits.of(evolution.generations(), "generation", "generations")
            + ", at most "
            + Digits.of(evolution.candidates(), "candidate", "candidates")
            + " generated and "
            + Digits.count(evolution.trained())
            + " trained in each, bred from the best "
            + Digits.count(evolution.parents())
            + ", "
            + Digits.of(evolution.replicates(), "seed", "seeds")
            + " a loss");
    row(
        "Space",
        String.join(" and ", spec.space().branches().stream().map(Facts::word).toList())
            + ", at most "
            + spec.space().maxNodes()
            + " nodes and height "
            + spec.space().maxHeight()
            + " an expression");
    row("Box weighting", word(spec.training().boxWeighting()));
    row("Seed", Long.toString(spec.seed()));
  }

  private void row(String name, String text) {
    page.open("tr").element("th", name, "scope", "row").element("td", text, "class", "t").close();
  }

  private static String data(Dataset dataset) {
    return source(dataset.source())
        + part(", trained on ", dataset.train())
        + part(", measured on ", dataset.validation())
        + Optional.ofNullable(dataset.subset())
            .map(subset -> ", " + subset.imagesPerCategory() + " images a category drawn")
            .orElse("");
  }

  private static String source(DatasetSource source) {
    if (source.shapes() != null) {
      var shapes = source.shapes();
      return "generated shapes, %d images to train on and %d to measure on, %d × %d pixels"
          .formatted(
              shapes.trainImages(), shapes.validationImages(), shapes.width(), shapes.height());
    }
    if (source.persistentVolumeClaim() != null) {
      return "PersistentVolumeClaim " + source.persistentVolumeClaim().claimName();
    }
    if (source.image() != null) {
      return "image " + source.image().reference();
    }
    return source.nfs() == null
        ? "unknown"
        : "NFS " + source.nfs().server() + ":" + source.nfs().path();
  }

  private static String part(String verb, @Nullable DatasetSplit split) {
    return split == null ? "" : verb + split.annotations();
  }

  private static String schedule(Schedule schedule) {
    return "%s, batch of %d, learning rate %s, short side %d pixels"
        .formatted(
            Digits.of(schedule.epochs(), "epoch", "epochs"),
            schedule.batchSize(),
            Digits.plain(schedule.learningRate()),
            schedule.resize().shortSide());
  }

  /** A constant as a word. */
  private static String word(Enum<?> constant) {
    return constant.name().length() <= 4
        ? constant.name()
        : constant.name().charAt(0)
            + constant.name().substring(1).toLowerCase(Locale.ROOT).replace("_", " ");
  }
}
