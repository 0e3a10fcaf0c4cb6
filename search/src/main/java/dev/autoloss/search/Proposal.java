package dev.autoloss.search;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The candidates of one generation: pairs are made one after another, those that are new and pass
 * the gates are taken until enough are found or the budget is spent.
 */
final class Proposal {
  private final SearchSpec spec;
  private final int generation;
  private final Breeder breeder;
  private final Set<LossPair> seen = new HashSet<>();
  private final Map<Gate, Integer> rejected = new EnumMap<>(Gate.class);
  private final List<Candidate> taken = new ArrayList<>();
  private int generated;
  private int duplicates;

  Proposal(SearchSpec spec, SearchState state, int generation) {
    this.spec = spec;
    this.generation = generation;
    this.breeder = new Breeder(spec, state, generation);
    state.candidates().values().forEach(candidate -> seen.add(breeder.spelled(candidate.losses())));
  }

  SearchEvent.Proposed propose() {
    Evolution evolution = spec.evolution();
    while (taken.size() < evolution.trained() && generated < evolution.candidates()) {
      Breeder.Child child = breeder.child(generated);
      generated++;
      if (!seen.add(child.losses())) {
        duplicates++;
        continue;
      }
      Optional<Gate> failed = firstFailure(child.losses());
      failed.ifPresentOrElse(
          gate -> rejected.merge(gate, 1, Integer::sum), () -> taken.add(candidate(child)));
    }
    return new SearchEvent.Proposed(
        generation, taken, new Funnel(generated, duplicates, rejected, taken.size(), taken.size()));
  }

  private Candidate candidate(Breeder.Child child) {
    return new Candidate(
        new CandidateId(generation, taken.size()), child.origin(), child.parents(), child.losses());
  }

  private Optional<Gate> firstFailure(LossPair losses) {
    for (Target target : spec.space().branches()) {
      Optional<Expression> loss = losses.of(target);
      if (loss.isPresent()
          && Gates.published().judge(loss.get(), spec.branch(target))
              instanceof Verdict.Rejected(var gate, var _)) {
        return Optional.of(gate);
      }
    }
    return Optional.empty();
  }
}
