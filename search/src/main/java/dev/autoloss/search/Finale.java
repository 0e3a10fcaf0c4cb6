package dev.autoloss.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What follows the evolution: finals, and a test of who won them. */
final class Finale {
  private final SearchSpec spec;
  private final SearchState state;

  Finale(SearchSpec spec, SearchState state) {
    this.spec = spec;
    this.state = state;
  }

  /** The choice that is due; empty while trials of the last one are at work and at the end. */
  Optional<SearchEvent> next() {
    Optional<Finals> finals = spec.procedure().finals();
    if (finals.isEmpty()) {
      return Optional.empty();
    }
    if (!state.chosen().containsKey(Stage.FINAL)) {
      return Optional.of(
          new SearchEvent.Chosen(
              Stage.FINAL, choice(state.ranking(), finals.get().count(), finals.get().controls())));
    }
    boolean due =
        finals.get().test()
            && !state.chosen().containsKey(Stage.TEST)
            && state.ended(spec, Stage.FINAL);
    return due
        ? Optional.of(new SearchEvent.Chosen(Stage.TEST, choice(finalRanking(), 1, 1)))
        : Optional.empty();
  }

  private List<CandidateId> finalRanking() {
    return new Standings(state, Stage.FINAL)
        .ranked(state.chosen(Stage.FINAL).stream().map(state::candidate).toList());
  }

  /** The default pair enters whatever it scored; nothing does if no loss has a fitness. */
  private List<CandidateId> choice(List<CandidateId> ranking, int count, int controls) {
    List<CandidateId> losses =
        ranking.stream().filter(id -> id.generation() > 0).limit(count).toList();
    if (losses.isEmpty()) {
      return List.of();
    }
    CandidateId baseline = state.baseline().orElseThrow();
    var entering = new ArrayList<>(losses);
    Stream.concat(
            Stream.of(baseline),
            ranking.stream()
                .filter(id -> id.generation() == 0 && !id.equals(baseline))
                .limit(controls))
        .forEach(entering::add);
    return entering;
  }
}
