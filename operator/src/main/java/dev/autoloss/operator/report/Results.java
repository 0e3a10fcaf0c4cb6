package dev.autoloss.operator.report;

import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A search's results as the page needs them.
 *
 * @param candidates all that are trained, baseline included, by id
 * @param ranking those with a fitness, best first, without the baseline and controls
 * @param baseline the default pair; empty before the first proposal
 * @param funnels screening of each generation from 1
 * @param sealed generations whose results are complete, 0 being the default pair's
 * @param failure why the search stopped; empty if it did not fail
 */
record Results(
    SortedMap<CandidateId, CandidateResult> candidates,
    List<CandidateResult> ranking,
    Optional<CandidateResult> baseline,
    SortedMap<Integer, Funnel> funnels,
    Set<Integer> sealed,
    Optional<SearchEvent.Failed> failure) {

  static Results of(ReportInput input) {
    SearchState state = input.state();
    var candidates = new TreeMap<CandidateId, CandidateResult>();
    for (Candidate candidate : state.candidates().values()) {
      candidates.put(candidate.id(), CandidateResult.of(candidate, state, input));
    }
    List<CandidateResult> ranking =
        state.ranking().stream()
            .flatMap(id -> Optional.ofNullable(candidates.get(id)).stream())
            .filter(result -> result.evolved() && result.ap().isPresent())
            .toList();
    Optional<CandidateResult> baseline =
        candidates.values().stream().filter(CandidateResult::baseline).findFirst();
    return new Results(
        candidates,
        ranking,
        baseline,
        state.funnels().tailMap(1),
        Set.copyOf(state.survivors().keySet()),
        state.failure());
  }

  /** What losses have to beat beside the default pair. */
  List<CandidateResult> controls() {
    return generation(0).values().stream().filter(result -> !result.baseline()).toList();
  }

  /** Says whether candidates had to pass a simulation. */
  boolean simulated() {
    return candidates.values().stream()
        .anyMatch(result -> result.standing() == Standing.NOT_TRAINED);
  }

  /** How a candidate may stand in this search. */
  List<Standing> standings() {
    return Arrays.stream(Standing.values())
        .filter(standing -> standing != Standing.NOT_TRAINED || simulated())
        .toList();
  }

  /** Newest generation; 0 before the first. */
  int generation() {
    return candidates.isEmpty() ? 0 : candidates.lastKey().generation();
  }

  /** Candidates of a generation, without the baseline and controls. */
  List<CandidateResult> of(int generation) {
    return generation(generation).values().stream().filter(CandidateResult::evolved).toList();
  }

  /** Slots of a generation, from its first to its last. */
  int slots(int generation) {
    var slots = generation(generation);
    return slots.isEmpty() ? 0 : slots.lastKey().slot() + 1;
  }

  private SortedMap<CandidateId, CandidateResult> generation(int generation) {
    return candidates.subMap(new CandidateId(generation, 0), new CandidateId(generation + 1, 0));
  }

  /** How many losses of the search stand so. */
  long count(Standing standing) {
    return candidates.values().stream()
        .filter(result -> result.standing() == standing && result.evolved())
        .count();
  }
}
