package dev.autoloss.operator.report;

import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.Funnel;
import java.util.List;

/** The counts of each generation, from generated to scored. */
final class FunnelTable {
  private FunnelTable() {}

  static void write(Markup page, Results results) {
    page.open("div", "class", "wide")
        .open("table")
        .element(
            "caption",
            "Losses of each generation. Screening stops as soon as enough have passed; a loss counts"
                + " at the first gate that it fails.");
    head(page, results);
    page.open("tbody");
    results.funnels().forEach((generation, funnel) -> row(page, generation, funnel, results));
    page.close().close().close();
  }

  private static void head(Markup page, Results results) {
    page.open("thead").open("tr");
    page.element("th", "Generation", "scope", "col", "class", "t");
    page.element("th", "Generated", "scope", "col");
    page.element("th", "Duplicates", "scope", "col");
    for (Gate gate : Gate.values()) {
      page.element(
          "th", capital(FunnelChart.failing(gate)), "scope", "col", "title", gate.description());
    }
    if (results.simulated()) {
      page.element("th", "Simulated", "scope", "col");
    }
    page.element("th", "Trained", "scope", "col");
    for (Standing standing : results.standings()) {
      page.element("th", capital(standing.label()), "scope", "col");
    }
    page.close().close();
  }

  private static void row(Markup page, int generation, Funnel funnel, Results results) {
    List<CandidateResult> trained = results.of(generation);
    page.open("tr").element("th", Integer.toString(generation), "scope", "row");
    cell(page, funnel.generated());
    cell(page, funnel.duplicates());
    for (Gate gate : Gate.values()) {
      cell(page, funnel.rejected().getOrDefault(gate, 0));
    }
    if (results.simulated()) {
      cell(page, funnel.accepted());
    }
    cell(
        page, trained.stream().filter(result -> result.standing() != Standing.NOT_TRAINED).count());
    for (Standing standing : results.standings()) {
      cell(page, trained.stream().filter(result -> result.standing() == standing).count());
    }
    page.close();
  }

  private static void cell(Markup page, long count) {
    page.element("td", Digits.count(count));
  }

  private static String capital(String label) {
    return Character.toUpperCase(label.charAt(0)) + label.substring(1);
  }
}
