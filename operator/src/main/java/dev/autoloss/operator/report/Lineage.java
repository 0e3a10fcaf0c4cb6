package dev.autoloss.operator.report;

import dev.autoloss.search.CandidateId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A loss's ancestors as a tree, up to those that have none. */
final class Lineage {
  /** A tree that is larger is no longer read. */
  private static final int MOST_ANCESTORS = 40;

  private static final int MOST_LEVELS = 24;

  private final Markup page;
  private final Results results;
  private final Set<CandidateId> told = new HashSet<>();
  private boolean cut;

  private Lineage(Markup page, Results results) {
    this.page = page;
    this.results = results;
  }

  /** Writes the tree of a loss; an ancestor that several share is told of once. */
  static void write(Markup page, Results results, CandidateResult result) {
    var lineage = new Lineage(page, results);
    page.open("ul");
    lineage.tell(result, 0);
    page.close();
    if (lineage.cut) {
      page.element("p", "Older ancestors are left out.", "class", "dim");
    }
  }

  private void tell(CandidateResult result, int level) {
    told.add(result.id());
    page.open("li")
        .element("b", result.id().toString())
        .text(" " + result.origin() + ", AP " + Digits.share(result.ap()) + " ")
        .element("span", Losses.brief(result.candidate().losses()), "class", "formula");
    boolean list = false;
    for (CandidateId parent : result.candidate().parents()) {
      Optional<CandidateResult> found = Optional.ofNullable(results.candidates().get(parent));
      if (found.isEmpty() || told.contains(parent)) {
        continue;
      }
      if (told.size() >= MOST_ANCESTORS || level >= MOST_LEVELS) {
        cut = true;
        continue;
      }
      if (!list) {
        page.open("ul");
        list = true;
      }
      tell(found.get(), level + 1);
    }
    if (list) {
      page.close();
    }
    page.close();
  }
}
