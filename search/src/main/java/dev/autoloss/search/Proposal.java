package dev.autoloss.search;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.screening.Fingerprint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The candidates of one generation: pairs are made one after another; those that are new, pass the
 * gates and do not train like one that was proposed before are taken, until enough are found or as
 * many were made as the document allows, which is all the effort that a generation gets.
 *
 * <p>Three things make a pair old, from the cheapest on: the same text, the same simplified form,
 * the same gradients. What was varied is stored in its simplified form if that is as good; what is
 * known already, a parent's branch or a seed, keeps its spelling.
 *
 * <p>Pairs are screened some at a time, on all processors. They are compared and counted in the
 * order of their numbers, so the candidates do not depend on the processors.
 */
final class Proposal {
  private static final int SMALLEST_BATCH = 16;
  private static final int LARGEST_BATCH = 512;

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
        List<Description> described = described(losses);
        forms.add(forms(described));
        fingerprints.add(fingerprints(described));
      }
    }
  }

  private void spelled(LossPair losses) {
    targets.forEach(target -> losses.of(target).ifPresent(spellings::add));
  }

  private List<Description> described(LossPair losses) {
    return targets.stream()
        .map(target -> Description.of(loss(losses, target), spec.branch(target)))
        .toList();
  }

  private static List<String> forms(List<Description> described) {
    return described.stream().map(Description::form).toList();
  }

  private static List<Fingerprint> fingerprints(List<Description> described) {
    return described.stream().map(Description::fingerprint).toList();
  }

  private static Expression loss(LossPair losses, Target target) {
    return losses.of(target).orElseThrow();
  }

  private Judge judge(Target target) {
    return Optional.ofNullable(judges.get(target)).orElseThrow();
  }

  SearchEvent.Proposed propose() {
    int candidates = spec.evolution().candidates();
    while (missing() > 0 && generated < candidates) {
      // More than are missing, since most fall: the last few in vain cost less than one by one.
      int batch = Math.clamp(4L * missing(), SMALLEST_BATCH, LARGEST_BATCH);
      take(screened(generated, Math.min(candidates, generated + batch)));
    }
    return new SearchEvent.Proposed(
        generation, taken, new Funnel(generated, duplicates, rejected, taken.size(), taken.size()));
  }

  private int missing() {
    return spec.proposed() - taken.size();
  }

  /**
   * A pair on its way through the screening.
   *
   * @param child as it was bred
   * @param losses as they stand now
   * @param described the losses that pass the gates, by target; empty for others
   * @param known whether it is old
   * @param failed the first gate that it fails; empty if it passes those so far
   */
  private record Screened(
      Child child,
      LossPair losses,
      List<Description> described,
      boolean known,
      Optional<Gate> failed) {
    Screened(Child child) {
      this(child, child.losses(), List.of(), false, Optional.empty());
    }

    boolean falls() {
      return known || failed.isPresent();
    }

    Screened old() {
      return new Screened(child, losses, described, true, Optional.empty());
    }

    Screened failing(Gate gate) {
      return new Screened(child, losses, described, false, Optional.of(gate));
    }

    Screened with(LossPair other, List<Description> descriptions) {
      return new Screened(child, other, descriptions, false, Optional.empty());
    }
  }

  private List<Screened> screened(int first, int end) {
    List<Screened> bred =
        IntStream.range(first, end)
            .parallel()
            .mapToObj(attempt -> gates(new Screened(breeder.child(attempt))))
            .toList();
    List<Screened> compared = bred.stream().map(this::compared).toList();
    return compared.parallelStream().map(this::predictions).toList();
  }

  private Screened gates(Screened pair) {
    if (!screened) {
      return pair;
    }
    LossPair losses = pair.losses();
    for (Target target : targets) {
      Judge.Judged judged = judge(target).of(loss(losses, target));
      if (judged.failed().isPresent()) {
        return pair.failing(judged.failed().get());
      }
      losses = losses.with(target, judged.loss());
    }
    return pair.with(losses, described(losses));
  }

  /** Told apart from all before it, in this batch too. */
  private Screened compared(Screened pair) {
    if (!made.add(pair.child().losses())) {
      return pair.old();
    }
    if (!screened || pair.falls()) {
      return pair;
    }
    boolean known =
        !forms.add(forms(pair.described())) || !fingerprints.add(fingerprints(pair.described()));
    return known ? pair.old() : pair;
  }

  private Screened predictions(Screened pair) {
    if (!screened || pair.falls()) {
      return pair;
    }
    return targets.stream().allMatch(target -> judge(target).trains(loss(pair.losses(), target)))
        ? pair.with(shortest(pair.losses()), pair.described())
        : pair.failing(Gate.PREDICTIONS);
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

  /** Counts pairs and takes those that are left, until there are enough. */
  private void take(List<Screened> pairs) {
    for (Screened pair : pairs) {
      if (missing() == 0) {
        return;
      }
      generated++;
      if (pair.known()) {
        duplicates++;
      } else if (pair.failed().isPresent()) {
        rejected.merge(pair.failed().get(), 1, Integer::sum);
      } else {
        made.add(pair.losses());
        var id = new CandidateId(generation, taken.size());
        taken.add(new Candidate(id, pair.child().origin(), pair.child().parents(), pair.losses()));
      }
    }
  }
}
