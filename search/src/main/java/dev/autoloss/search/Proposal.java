package dev.autoloss.search;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The candidates of one generation: pairs are made one after another, those that are new, pass the
 * gates and do not train like one that was proposed before are taken, until enough are found or the
 * budget is spent.
 */
final class Proposal {
  private final SearchSpec spec;
  private final int generation;
  private final Breeder breeder;
  private final boolean screened;
  private final Set<LossPair> made = new HashSet<>();
  private final Set<List<String>> fingerprints = new HashSet<>();
  private final Map<Target, Map<Expression, Optional<Gate>>> judged = new EnumMap<>(Target.class);
  private final Map<Gate, Integer> rejected = new EnumMap<>(Gate.class);
  private final List<Candidate> taken = new ArrayList<>();
  private int generated;
  private int duplicates;

  Proposal(SearchSpec spec, SearchState state, int generation) {
    this.spec = spec;
    this.generation = generation;
    this.breeder = new Breeder(spec, state, generation);
    this.screened = Strategy.of(spec.evolution().breeding().strategy()).screened();
    var seeds = new Seeds(spec);
    for (Candidate candidate : state.candidates().values()) {
      // A control may be trained as a candidate, too: only those are bred from.
      if (candidate.control().isEmpty()) {
        LossPair losses = seeds.spelled(candidate.losses());
        made.add(losses);
        fingerprints.add(fingerprint(losses));
      }
    }
  }

  SearchEvent.Proposed propose() {
    Evolution evolution = spec.evolution();
    while (taken.size() < spec.proposed() && generated < evolution.candidates()) {
      screen(breeder.child(generated));
      generated++;
    }
    return new SearchEvent.Proposed(
        generation, taken, new Funnel(generated, duplicates, rejected, taken.size(), taken.size()));
  }

  private void screen(Child child) {
    if (!made.add(child.losses())) {
      duplicates++;
      return;
    }
    if (!screened) {
      take(child);
      return;
    }
    Optional<Gate> failed = firstFailure(child.losses());
    if (failed.isPresent()) {
      rejected.merge(failed.get(), 1, Integer::sum);
    } else if (fingerprints.add(fingerprint(child.losses()))) {
      take(child);
    } else {
      duplicates++;
    }
  }

  private void take(Child child) {
    var id = new CandidateId(generation, taken.size());
    taken.add(new Candidate(id, child.origin(), child.parents(), child.losses()));
  }

  private List<String> fingerprint(LossPair losses) {
    return spec.space().branches().stream()
        .map(target -> Fingerprint.of(losses.of(target).orElseThrow(), spec.branch(target)))
        .toList();
  }

  private Optional<Gate> firstFailure(LossPair losses) {
    return spec.space().branches().stream()
        .flatMap(target -> failure(losses.of(target).orElseThrow(), target).stream())
        .findFirst();
  }

  /** One branch of a child is mostly its parent's, so verdicts are kept. */
  private Optional<Gate> failure(Expression loss, Target target) {
    return judged
        .computeIfAbsent(target, _ -> new HashMap<>())
        .computeIfAbsent(
            loss,
            _ ->
                switch (Gates.published().judge(loss, spec.branch(target))) {
                  case Verdict.Accepted() -> Optional.empty();
                  case Verdict.Rejected(var gate, var _) -> Optional.of(gate);
                });
  }
}
