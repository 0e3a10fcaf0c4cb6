package dev.autoloss.operator.report;

import dev.autoloss.api.Metrics;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.picture.Formula;
import dev.autoloss.loss.picture.LossPlot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The best losses in full: numbers, formulas, stored form, shape and ancestors. */
final class BestLosses {
  private static final int MOST = 10;

  private final Markup page;
  private final ReportInput input;
  private final Results results;

  private BestLosses(Markup page, ReportInput input, Results results) {
    this.page = page;
    this.input = input;
    this.results = results;
  }

  static void write(Markup page, ReportInput input, Results results) {
    new BestLosses(page, input, results).write();
  }

  private void write() {
    List<CandidateResult> best =
        results.ranking().subList(0, Math.min(MOST, results.ranking().size()));
    if (best.isEmpty()) {
      page.element("p", "No loss has a score yet.");
      return;
    }
    table(best);
    for (int k = 0; k < best.size(); k++) {
      article(k + 1, best.get(k));
    }
  }

  private void table(List<CandidateResult> best) {
    page.open("div", "class", "wide")
        .open("table")
        .element("caption", "Means over the scored seeds. – stands for: not measured.")
        .open("thead")
        .open("tr");
    page.element("th", "Rank", "scope", "col").element("th", "Loss", "scope", "col", "class", "t");
    for (String name : List.of("AP", "Difference", "AP50", "AP75", "Seeds", "Nodes", "Time")) {
      page.element("th", name, "scope", "col");
    }
    page.close().close().open("tbody");
    for (int k = 0; k < best.size(); k++) {
      row(Integer.toString(k + 1), best.get(k).id().toString(), best.get(k));
    }
    results.baseline().ifPresent(base -> row("", "default pair", base));
    results.controls().forEach(control -> row("", control.origin(), control));
    page.close().close().close();
  }

  private void row(String rank, String name, CandidateResult result) {
    page.open("tr").element("td", rank).element("th", name, "scope", "row");
    page.element("td", Digits.share(result.ap()));
    page.element("td", difference(result));
    page.element("td", Digits.share(result.mean(Metrics::ap50)));
    page.element("td", Digits.share(result.mean(Metrics::ap75)));
    page.element("td", Integer.toString(result.scored()));
    page.element("td", result.evolved() ? Integer.toString(result.size()) : Digits.NONE);
    OptionalDouble seconds = result.seconds();
    page.element("td", seconds.isPresent() ? Digits.duration(seconds.getAsDouble()) : Digits.NONE);
    page.close();
  }

  private String difference(CandidateResult result) {
    OptionalDouble base =
        results.baseline().map(CandidateResult::ap).orElse(OptionalDouble.empty());
    return result.ap().isEmpty() || base.isEmpty() || result.baseline()
        ? Digits.NONE
        : Digits.difference(result.ap().getAsDouble() - base.getAsDouble());
  }

  private void article(int rank, CandidateResult result) {
    page.open("article", "id", result.id().toString())
        .element("h3", rank + ". " + result.id() + ": AP " + Digits.share(result.ap()));
    page.element("p", result.origin(), "class", "dim");
    page.open("div", "class", "shapes");
    loss("Classification", result.candidate().losses().classification(), input.classification());
    loss("Regression", result.candidate().losses().regression(), Branch.REGRESSION);
    page.close();
    page.open("details").element("summary", "Lineage");
    Lineage.write(page, results, result);
    page.close().close();
  }

  private void loss(String name, Optional<Expression> loss, Branch branch) {
    page.open("div");
    if (loss.isEmpty()) {
      page.open("p").element("b", name).text(": " + Losses.DEFAULT).close();
    } else {
      Expression expression = loss.get();
      page.open("p")
          .element("b", name)
          .text(", " + Digits.of(expression.size(), "node", "nodes"))
          .close()
          .element("p", Formula.infix(expression), "class", "formula")
          .trusted(LossPlot.svg(expression, branch))
          .open("p")
          .element("code", Printer.prefix(expression))
          .close();
    }
    page.close();
  }
}
