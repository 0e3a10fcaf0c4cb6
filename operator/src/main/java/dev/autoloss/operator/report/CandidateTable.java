package dev.autoloss.operator.report;

import dev.autoloss.search.TrialOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** All candidates, folded away; formulas of the best as far as the page's size allows. */
final class CandidateTable {
  /** Characters of all formulas together: a page of megabytes opens slowly on a phone. */
  private static final int MOST_FORMULA = 600_000;

  private static final int LONGEST_MESSAGE = 200;

  private final Markup page;
  private final Results results;
  private final Set<CandidateResult> written;

  private CandidateTable(Markup page, Results results) {
    this.page = page;
    this.results = results;
    this.written = affordable(results.ranking());
  }

  /** Writes at most the given number of rows, the best and then the others by their id. */
  static void write(Markup page, Results results, int most) {
    new CandidateTable(page, results).write(most);
  }

  private static Set<CandidateResult> affordable(List<CandidateResult> ranking) {
    Set<CandidateResult> affordable = new HashSet<>();
    int characters = 0;
    for (CandidateResult result : ranking) {
      characters += Losses.brief(result.candidate().losses()).length();
      if (characters > MOST_FORMULA) {
        break;
      }
      affordable.add(result);
    }
    return affordable;
  }

  private void write(int most) {
    var rows = new ArrayList<>(results.ranking());
    results.candidates().values().stream()
        .filter(r -> r.ap().isEmpty() || !r.evolved())
        .forEach(rows::add);
    int shown = Math.min(most, rows.size());
    page.open("details")
        .element(
            "summary",
            Digits.of(rows.size(), "candidate", "candidates") + ", the default pair included");
    if (shown < rows.size()) {
      page.element("p", "Of these the first " + Digits.count(shown) + " by rank are shown.");
    }
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    for (String name : List.of("Candidate", "Origin", "Outcome")) {
      page.element("th", name, "scope", "col", "class", "t");
    }
    for (String name : List.of("AP", "Nodes", "Time")) {
      page.element("th", name, "scope", "col");
    }
    for (String name : List.of("Classification", "Regression")) {
      page.element("th", name, "scope", "col", "class", "t");
    }
    page.close().close().open("tbody");
    rows.subList(0, shown).stream()
        .sorted(Comparator.comparing(CandidateResult::id))
        .forEach(this::row);
    page.close().close().close().close();
  }

  private void row(CandidateResult result) {
    page.open("tr").element("th", result.id().toString(), "scope", "row");
    page.element("td", result.origin(), "class", "t");
    page.element("td", outcome(result), "class", "t");
    page.element("td", Digits.share(result.ap()));
    page.element("td", Integer.toString(result.size()));
    OptionalDouble seconds = result.seconds();
    page.element("td", seconds.isPresent() ? Digits.duration(seconds.getAsDouble()) : "");
    if (result.ap().isEmpty() || written.contains(result)) {
      var losses = result.candidate().losses();
      page.element("td", Losses.brief(losses.classification()), "class", "t");
      page.element("td", Losses.brief(losses.regression()), "class", "t");
    }
    page.close();
  }

  private static String outcome(CandidateResult result) {
    String lost =
        result.outcomes().values().stream()
            .flatMap(
                outcome ->
                    outcome instanceof TrialOutcome.Lost(String reason)
                        ? Stream.of(reason)
                        : Stream.empty())
            .findFirst()
            .map(reason -> ": " + reason.substring(0, Math.min(LONGEST_MESSAGE, reason.length())))
            .orElse("");
    return result.standing().label() + lost;
  }
}
