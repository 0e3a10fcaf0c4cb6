package dev.autoloss.search;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.simplification.Simplifier;
import dev.autoloss.search.screening.Fingerprint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The candidates of one generation: pairs are made one after another; those that are new, pass the
 * gates and do not train like one that was proposed before are taken, until enough are found or as
 * many were made as the document allows, which is all the effort that a generation gets.
 *
 * <p>Three things make a pair old, from the cheapest on: the same text, the same simplified form,
 * the same gradients. What was varied is stored in its simplified form if that is as good; what is
 * known already, a parent's branch or a seed, keeps its spelling.
 */
final class Proposal {
  private final SearchSpec spec;
  private final int generation;
  private final List<Target> targets;
  private final Breeder breeder;
  private final boolean screened;
  private final Map<Target, Judge> judges = new EnumMap<>(Target.class);
  private final Set<Expression> spellings = new HashSet<>();
  private final Set<LossPair> made = new HashSet<>();
  private final Set<List<String>> forms = new HashSet<>();
  private final Set<List<Fingerprint>> fingerprints = new HashSet<>();
  private final Map<Gate, Integer> rejected = new EnumMap<>(Gate.class);
  private final List<Candidate> taken = new ArrayList<>();
  private int generated;
  private int duplicates;

  Proposal(SearchSpec spec, SearchState state, int generation) {
    this.spec = spec;
    this.generation = generation;
    this.targets = Seeds.targets(spec);
    this.breeder = new Breeder(spec, state, generation);
    this.screened = Strategy.of(spec.evolution().breeding().strategy()).screened();
    targets.forEach(target -> judges.put(target, new Judge(spec.space(), spec.branch(target))));
    var seeds = new Seeds(spec);
    seeds.first().forEach(seed -> spelled(seed.losses()));
    for (Candidate candidate : state.candidates().values()) {
      // A control may be trained as a candidate, too: only those are bred from.
      if (candidate.control().isEmpty()) {
        LossPair losses = seeds.spelled(candidate.losses());
        spelled(losses);
        made.add(losses);
        forms.add(of(losses, Simplifier::canonical));
        fingerprints.add(of(losses, Fingerprint::of));
      }
    }
  }

  private void spelled(LossPair losses) {
    targets.forEach(target -> losses.of(target).ifPresent(spellings::add));
  }

  private <D> List<D> of(LossPair losses, BiFunction<Expression, Branch, D> description) {
    return targets.stream()
        .map(target -> description.apply(loss(losses, target), spec.branch(target)))
        .toList();
  }

  private static Expression loss(LossPair losses, Target target) {
    return losses.of(target).orElseThrow();
  }

  private Judge judge(Target target) {
    return Optional.ofNullable(judges.get(target)).orElseThrow();
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
      take(child, child.losses());
      return;
    }
    LossPair losses = child.losses();
    for (Target target : targets) {
      Judge.Judged judged = judge(target).of(loss(losses, target));
      if (judged.failed().isPresent()) {
        rejected.merge(judged.failed().get(), 1, Integer::sum);
        return;
      }
      losses = losses.with(target, judged.loss());
    }
    if (!forms.add(of(losses, Simplifier::canonical))
        || !fingerprints.add(of(losses, Fingerprint::of))) {
      duplicates++;
    } else if (trains(losses)) {
      take(child, shortest(losses));
    } else {
      rejected.merge(Gate.PREDICTIONS, 1, Integer::sum);
    }
  }

  private boolean trains(LossPair losses) {
    return targets.stream().allMatch(target -> judge(target).trains(loss(losses, target)));
  }

  private LossPair shortest(LossPair losses) {
    LossPair shortest = losses;
    for (Target target : targets) {
      Expression loss = loss(losses, target);
      if (!spellings.contains(loss)) {
        shortest = shortest.with(target, judge(target).shortest(loss));
      }
    }
    return shortest;
  }

  private void take(Child child, LossPair losses) {
    made.add(losses);
    var id = new CandidateId(generation, taken.size());
    taken.add(new Candidate(id, child.origin(), child.parents(), losses));
  }
}
