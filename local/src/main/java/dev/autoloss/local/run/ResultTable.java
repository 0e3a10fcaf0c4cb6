package dev.autoloss.local.run;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Score;
import dev.autoloss.api.VerdictStatus;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.operator.losssearch.SearchSpecs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The table at the end of a run. */
final class ResultTable {
  private static final String FORM = "%-5s %-9s %7s %8s %7s  %s";
  private static final int BEFORE_LOSSES = 42;
  private static final int LEAST_LOSSES = 30;

  private final Snapshot last;
  private final int width;

  ResultTable(Snapshot last, int width) {
    this.last = last;
    this.width = width;
  }

  List<String> lines() {
    return last.search().isPresent() ? ofSearch() : ofTraining();
  }

  private List<String> ofSearch() {
    LossSearchStatus status = last.status().orElseThrow();
    var scores = new ArrayList<>(Objects.requireNonNullElse(status.best(), List.<Score>of()));
    Score baseline = status.baseline();
    if (baseline != null) {
      scores.add(baseline);
    }
    scores.addAll(Objects.requireNonNullElse(status.controls(), List.<Score>of()));
    // Stable: a candidate stands above a baseline that it equals.
    scores.sort(Comparator.comparingDouble(Score::meanAP).reversed());
    var lines = new ArrayList<String>();
    lines.add(FORM.formatted("rank", "candidate", "AP", "Δ", "AP50", "losses").stripTrailing());
    int rank = 0;
    for (Score score : scores) {
      boolean isBaseline = score.equals(baseline);
      boolean found = !isBaseline && score.control() == null;
      rank += found ? 1 : 0;
      lines.add(row(found ? Integer.toString(rank) : "–", score, isBaseline));
    }
    if (scores.isEmpty()) {
      lines.add("no candidate was scored");
    }
    VerdictStatus verdict = status.verdict();
    if (verdict != null) {
      lines.add("");
      lines.add("verdict: " + verdict.result() + ": " + verdict.message());
    }
    return lines;
  }

  private String row(String rank, Score score, boolean isBaseline) {
    OptionalDouble baseline = last.baseline();
    String difference =
        isBaseline || baseline.isEmpty()
            ? ""
            : Texts.difference(score.meanAP() - baseline.getAsDouble());
    OptionalDouble ap50 = ap50(score.candidate());
    return FORM.formatted(
            rank,
            isBaseline ? "baseline" : score.candidate(),
            Texts.number(score.meanAP()),
            difference,
            ap50.isPresent() ? Texts.number(ap50.getAsDouble()) : "",
            losses(score))
        .stripTrailing();
  }

  private String losses(Score score) {
    if (score.control() != null) {
      return "control " + score.control();
    }
    Branch branch = SearchSpecs.classification(last.spec().orElseThrow().detector().architecture());
    return Texts.losses(
        Texts.formula(score.classification(), branch),
        Texts.formula(score.regression(), Branch.REGRESSION),
        Math.max(LEAST_LOSSES, width - BEFORE_LOSSES));
  }

  private OptionalDouble ap50(String candidate) {
    return last.trainings().stream()
        .filter(training -> Snapshot.trial(training).startsWith(candidate + "-p"))
        .flatMap(training -> metrics(training))
        .mapToDouble(Metrics::ap50)
        .average();
  }

  private static Stream<Metrics> metrics(DetectorTraining training) {
    return Snapshot.status(training).map(DetectorTrainingStatus::metrics).stream();
  }

  private List<String> ofTraining() {
    return last.trainings().stream()
        .flatMap(ResultTable::metrics)
        .flatMap(
            metrics ->
                Stream.of(
                    number("AP", metrics.ap()),
                    number("AP50", metrics.ap50()),
                    number("AP75", metrics.ap75()),
                    number("APs", metrics.apSmall()),
                    number("APm", metrics.apMedium()),
                    number("APl", metrics.apLarge()),
                    number("AR1", metrics.ar1()),
                    number("AR10", metrics.ar10()),
                    number("AR100", metrics.ar100()),
                    number("ARs", metrics.arSmall()),
                    number("ARm", metrics.arMedium()),
                    number("ARl", metrics.arLarge())))
        .toList();
  }

  private static String number(String name, double value) {
    return "%-6s %s".formatted(name, value < 0 ? "–" : Texts.number(value));
  }
}
