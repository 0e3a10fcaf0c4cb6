package dev.autoloss.operator.report;

import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Origin;
import dev.autoloss.search.Rungs;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Stage;
import dev.autoloss.search.Summary;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The last rung and the test: who entered, what they scored, and how far the rungs agree. */
final class FinalsTable {
  private static final List<String> NUMBERS =
      List.of("AP", "Spread", "Difference", "Seeds", "Collapsed");

  private final Markup page;
  private final SearchState state;

  private FinalsTable(Markup page, SearchState state) {
    this.page = page;
    this.state = state;
  }

  static void write(Markup page, ReportInput input) {
    var table = new FinalsTable(page, input.state());
    input
        .verdict()
        .ifPresent(verdict -> page.element("p", verdict.result() + ": " + verdict.message() + "."));
    for (Stage stage : List.of(Stage.FINAL, Stage.TEST)) {
      if (!input.state().chosen(stage).isEmpty()) {
        table.write(stage);
      }
    }
    table.agreements();
  }

  private void write(Stage stage) {
    page.open("div", "class", "wide")
        .open("table")
        .element(
            "caption",
            stage == Stage.FINAL
                ? "Finals: seeds that have selected nothing, measured on the images that chose."
                : "Test: seeds of its own, measured on images that nothing has seen.")
        .open("thead")
        .open("tr")
        .element("th", "Candidate", "scope", "col", "class", "t");
    NUMBERS.forEach(name -> page.element("th", name, "scope", "col"));
    page.close().close().open("tbody");
    state.chosen(stage).stream()
        .sorted(Comparator.comparingDouble((CandidateId id) -> ap(id, stage)).reversed())
        .forEach(id -> row(state.candidate(id), state.summary(id, stage)));
    page.close().close().close();
  }

  private double ap(CandidateId id, Stage stage) {
    return state.summary(id, stage).map(Summary::meanAp).orElse(-1.0);
  }

  private void row(Candidate candidate, Optional<Summary> found) {
    boolean baseline = candidate.origin() == Origin.BASELINE;
    String name =
        candidate
            .control()
            .map(control -> "control " + control)
            .orElse(baseline ? "default pair" : candidate.id().toString());
    page.open("tr").element("th", name, "scope", "row");
    if (found.isEmpty()) {
      NUMBERS.forEach(_ -> page.element("td", Digits.NONE));
    } else {
      Summary summary = found.get();
      page.element("td", number(summary.meanAp()));
      page.element(
          "td",
          summary.spread().isPresent() ? number(summary.spread().getAsDouble()) : Digits.NONE);
      page.element("td", baseline ? Digits.NONE : Digits.difference(summary.difference()));
      page.element("td", Integer.toString(summary.scored()));
      page.element("td", Integer.toString(summary.collapsed()));
    }
    page.close();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void agreements() {
    for (Rungs.Agreement one : new Rungs(state).agreements()) {
      page.element(
          "p",
          String.format(
              Locale.ROOT,
              "Rank correlation of %s and %s over %d candidates: %.2f (Spearman).%s",
              word(one.from()),
              word(one.to()),
              one.correlation().n(),
              one.correlation().spearman(),
              one.correlation().promotes()
                  ? ""
                  : " Below .5 the cheap rung is a poor guide to the dear one."));
    }
  }

  private static String word(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
