package dev.autoloss.operator.report;

import dev.autoloss.search.SearchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The result in a few figures and sentences that claim no more than was measured. */
final class Headline {
  private final ReportInput input;
  private final Results results;
  private final Optional<CandidateResult> best;
  private final OptionalDouble base;

  private Headline(ReportInput input, Results results) {
    this.input = input;
    this.results = results;
    this.best = results.ranking().stream().findFirst();
    this.base = results.baseline().map(CandidateResult::ap).orElse(OptionalDouble.empty());
  }

  static void write(Markup page, ReportInput input, Results results) {
    new Headline(input, results).write(page);
  }

  private void write(Markup page) {
    page.element("p", state(), "class", "dim");
    results.failure().ifPresent(failure -> page.element("p", sentence(failure), "class", "alarm"));
    OptionalDouble ap = best.map(CandidateResult::ap).orElse(OptionalDouble.empty());
    page.open("div", "class", "figures");
    figure(page, "best loss, AP", Digits.share(ap));
    figure(page, "default pair, AP", Digits.share(base));
    figure(
        page,
        "difference",
        ap.isPresent() && base.isPresent()
            ? Digits.difference(ap.getAsDouble() - base.getAsDouble())
            : Digits.NONE);
    figure(
        page,
        "losses scored",
        Digits.count(results.ranking().size()) + " of " + Digits.count(proposed()));
    page.close();
    sentences().forEach(sentence -> page.element("p", sentence));
  }

  private static void figure(Markup page, String what, String number) {
    page.open("div").element("b", number).element("span", what, "class", "dim").close();
  }

  private long proposed() {
    return results.candidates().values().stream().filter(CandidateResult::evolved).count();
  }

  private String state() {
    int generations = input.spec().evolution().generations();
    if (results.failure().isPresent()) {
      return "Failed in generation " + results.generation() + " of " + generations + ".";
    }
    if (results.candidates().isEmpty()) {
      return "Nothing is proposed yet.";
    }
    return IntStream.rangeClosed(0, generations).allMatch(results.sealed()::contains)
        ? "Complete: all " + Digits.of(generations, "generation is", "generations are") + " sealed."
        : "Under way: generation " + results.generation() + " of " + generations + ".";
  }

  private static String sentence(SearchEvent.Failed failure) {
    String reason = failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return "The search failed (" + reason + "): " + failure.message();
  }

  private List<String> sentences() {
    var sentences = new ArrayList<String>();
    if (best.isEmpty()) {
      sentences.add(nothing());
      return sentences;
    }
    sentences.add(comparison(best.get()));
    if (base.isPresent()) {
      sentences.add(certainty(best.get(), results.baseline().orElseThrow()));
    }
    if (results.ranking().size() > 1) {
      sentences.add(
          "The best of "
              + Digits.count(results.ranking().size())
              + " is chosen by the images that it is measured on, which flatters it: expect less on"
              + " new images.");
    }
    return sentences;
  }

  private String nothing() {
    if (proposed() == 0) {
      return "No loss is trained yet.";
    }
    var parts = new ArrayList<String>();
    for (Standing standing : Standing.values()) {
      long count = results.count(standing);
      if (count > 0) {
        parts.add(Digits.count(count) + " " + standing.label());
      }
    }
    return "No loss has a score yet: "
        + String.join(", ", parts)
        + "."
        + (base.isPresent()
            ? " The default pair reached AP "
                + Digits.share(base)
                + seeds(results.baseline().orElseThrow())
                + "."
            : "");
  }

  private String comparison(CandidateResult winner) {
    String found = winner.id() + " reached AP " + Digits.share(winner.ap()) + seeds(winner);
    if (base.isEmpty()) {
      return found + "; the default pair has no score to compare it with.";
    }
    double difference = winner.ap().orElseThrow() - base.orElseThrow();
    String beside =
        ", the default pair "
            + Digits.share(base)
            + seeds(results.baseline().orElseThrow())
            + ": "
            + Digits.difference(difference)
            + ".";
    return difference > 0
        ? found + beside
        : "No loss beat the default pair. The best, " + found + beside;
  }

  private static String seeds(CandidateResult result) {
    return result.scored() == 1
        ? " (one seed)"
        : " (mean of " + Digits.count(result.scored()) + " seeds)";
  }

  private String certainty(CandidateResult winner, CandidateResult baseline) {
    return Difference.of(winner, baseline, input.spec().evolution().replicates())
        .map(
            difference ->
                "Seed by seed the difference is "
                    + Digits.difference(difference.mean())
                    + " with a standard error of "
                    + Digits.share(difference.standardError())
                    + " over "
                    + difference.seeds()
                    + " seeds.")
        .orElse(
            "With one seed in common, chance alone can make such a difference: train both with"
                + " several seeds before you rely on it.");
  }
}
