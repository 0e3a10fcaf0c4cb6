package dev.autoloss.operator.report;

import dev.autoloss.api.Metrics;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Origin;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Stage;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * A candidate with what its trials brought.
 *
 * @param candidate the candidate
 * @param ap mean AP at the proxy; empty if it has no fitness
 * @param outcomes of its replicates that are finished, by replicate
 * @param standing how it stands as a whole
 * @param measurements of its replicates that were measured
 */
record CandidateResult(
    Candidate candidate,
    OptionalDouble ap,
    Map<Integer, TrialOutcome> outcomes,
    Standing standing,
    List<ReportInput.Measurement> measurements) {

  static CandidateResult of(Candidate candidate, SearchState state, ReportInput input) {
    var finished = new TreeMap<Integer, TrialOutcome>();
    var measurements = new ArrayList<ReportInput.Measurement>();
    for (int r = 0; r < input.spec().evolution().replicates(); r++) {
      var trial = TrialId.proxy(candidate.id(), r);
      state.outcome(trial).ifPresent(outcome -> finished.put(trial.replicate(), outcome));
      Optional.ofNullable(input.measurements().get(trial)).ifPresent(measurements::add);
    }
    // One without a fitness has failed in some seed: its mean over the others would flatter it.
    OptionalDouble ap =
        state.fitness(candidate.id()).isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(state.summary(candidate.id(), Stage.PROXY).orElseThrow().meanAp());
    boolean open = finished.size() < input.spec().evolution().replicates();
    Standing standing =
        finished.isEmpty() && simulatedOnly(candidate.id(), state)
            ? Standing.NOT_TRAINED
            : standing(ap, finished, open);
    return new CandidateResult(candidate, ap, finished, standing, measurements);
  }

  /** It fell in the simulation, or enough others had passed. */
  private static boolean simulatedOnly(CandidateId candidate, SearchState state) {
    return state.outcome(TrialId.simulation(candidate)).isPresent()
        && state.promotions(candidate.generation()).stream()
            .findFirst()
            .filter(promoted -> !promoted.candidates().contains(candidate))
            .isPresent();
  }

  private static Standing standing(
      OptionalDouble ap, Map<Integer, TrialOutcome> outcomes, boolean open) {
    if (ap.isPresent()) {
      return Standing.SCORED;
    }
    return outcomes.values().stream()
        .map(CandidateResult::standing)
        .filter(standing -> standing != Standing.SCORED)
        .min(Standing::compareTo)
        .orElse(open ? Standing.OPEN : Standing.SCORED);
  }

  private static Standing standing(TrialOutcome outcome) {
    return switch (outcome) {
      case TrialOutcome.Scored _ -> Standing.SCORED;
      case TrialOutcome.Diverged _ -> Standing.DIVERGED;
      case TrialOutcome.Rejected _ -> Standing.REJECTED;
      case TrialOutcome.Lost _ -> Standing.LOST;
      case TrialOutcome.Skipped _ -> Standing.SKIPPED;
    };
  }

  CandidateId id() {
    return candidate.id();
  }

  boolean baseline() {
    return candidate.origin() == Origin.BASELINE;
  }

  /** False for the default pair and controls. */
  boolean evolved() {
    return id().generation() > 0;
  }

  /** How many replicates were scored. */
  int scored() {
    return (int) outcomes.values().stream().filter(TrialOutcome.Scored.class::isInstance).count();
  }

  /** AP of a replicate. */
  OptionalDouble ap(int replicate) {
    return outcomes.get(replicate) instanceof TrialOutcome.Scored(double scored)
        ? OptionalDouble.of(scored)
        : OptionalDouble.empty();
  }

  /** Nodes of both expressions. */
  int size() {
    return candidate.losses().classification().map(e -> e.size()).orElse(0)
        + candidate.losses().regression().map(e -> e.size()).orElse(0);
  }

  /** Mean of a number over the measured replicates; empty if none has it. */
  OptionalDouble mean(ToDoubleFunction<Metrics> number) {
    return measurements.stream()
        .flatMap(measurement -> measurement.metrics().stream())
        .mapToDouble(number)
        .filter(value -> value >= 0)
        .average();
  }

  /** Time of all its replicates together; empty if unknown. */
  OptionalDouble seconds() {
    double[] known =
        measurements.stream().flatMapToDouble(measured -> measured.seconds().stream()).toArray();
    return known.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(known).sum());
  }

  /** How it came about, for example {@code crossover of g1-c2 and g1-c4}. */
  String origin() {
    String origin =
        switch (candidate.origin()) {
          case BASELINE -> "default pair";
          case CONTROL -> "control " + candidate.control().orElse("");
          case INITIAL -> "initial loss";
          case PRIOR -> "found by another search";
          case CATALOGUE -> "named losses";
          case RANDOM,
              CROSSOVER,
              SUBTREE_MUTATION,
              NODE_REPLACEMENT,
              INSERTION,
              SHRINKING,
              CONSTANT_CHANGE,
              CONSTANT_TUNING ->
              candidate.origin().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    return candidate.parents().isEmpty()
        ? origin
        : origin
            + " of "
            + String.join(
                " and ", candidate.parents().stream().map(CandidateId::toString).toList());
  }
}
