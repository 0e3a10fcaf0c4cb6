package dev.autoloss.operator.report;

import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.AreaUnits;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.BranchesPerGeneration;
import dev.autoloss.api.Budget;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSource;
import dev.autoloss.api.Deadlines;
import dev.autoloss.api.Detector;
import dev.autoloss.api.Evolution;
import dev.autoloss.api.EvolutionStrategy;
import dev.autoloss.api.JobRetention;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.PodOptions;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Retries;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Scheduling;
import dev.autoloss.api.SearchBranch;
import dev.autoloss.api.Seeding;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Space;
import dev.autoloss.api.Stop;
import dev.autoloss.api.SuspendPolicy;
import dev.autoloss.api.TrainingPlan;
import dev.autoloss.api.Trials;
import dev.autoloss.api.VariationRates;
import dev.autoloss.api.VerdictStatus;
import dev.autoloss.api.WarmUp;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Origin;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Builds searches, event by event. */
final class Searches {
  private final List<SearchEvent> events = new ArrayList<>();
  private final Map<TrialId, ReportInput.Measurement> measurements = new HashMap<>();
  private final int generations;
  private final int replicates;
  private String name = "sample";
  private Optional<VerdictStatus> verdict = Optional.empty();

  Searches(int generations, int replicates) {
    this.generations = generations;
    this.replicates = replicates;
  }

  static CandidateId id(int generation, int slot) {
    return new CandidateId(generation, slot);
  }

  static Candidate baseline() {
    return new Candidate(
        id(0, 0), Origin.BASELINE, List.of(), new LossPair(Optional.empty(), Optional.empty()));
  }

  static Candidate candidate(
      int generation, int slot, Origin origin, LossPair losses, CandidateId... parents) {
    return new Candidate(id(generation, slot), origin, List.of(parents), losses);
  }

  static LossPair pair(CatalogueLoss classification, CatalogueLoss regression) {
    return new LossPair(classification.expression(), regression.expression());
  }

  static LossPair pair(Expression classification, Expression regression) {
    return new LossPair(Optional.of(classification), Optional.of(regression));
  }

  static Funnel noFunnel() {
    return new Funnel(0, 0, Map.of(), 0, 0);
  }

  static Funnel funnel(int generated, int trained) {
    int each = (generated - trained) / 8;
    return new Funnel(
        generated,
        each,
        Map.of(
            Gate.FINITE,
            2 * each,
            Gate.INPUTS,
            each,
            Gate.MONOTONE,
            3 * each,
            Gate.DISTANCE_CONSISTENT,
            generated - trained - 7 * each),
        trained,
        trained);
  }

  Searches named(String text) {
    this.name = text;
    return this;
  }

  Searches judged(VerdictStatus given) {
    this.verdict = Optional.of(given);
    return this;
  }

  Searches event(SearchEvent event) {
    events.add(event);
    return this;
  }

  Searches propose(int generation, Funnel funnel, Candidate... candidates) {
    return event(new SearchEvent.Proposed(generation, List.of(candidates), funnel));
  }

  /** One AP for each replicate, all measured. */
  Searches score(CandidateId candidate, double... aps) {
    for (int r = 0; r < aps.length; r++) {
      var trial = TrialId.proxy(candidate, r);
      event(new SearchEvent.Recorded(trial, new TrialOutcome.Scored(aps[r])));
      measurements.put(
          trial,
          new ReportInput.Measurement(
              Optional.of(metrics(aps[r])), OptionalDouble.of(40 + 10 * r)));
    }
    return this;
  }

  Searches record(CandidateId candidate, TrialOutcome outcome) {
    for (int r = 0; r < replicates; r++) {
      event(new SearchEvent.Recorded(TrialId.proxy(candidate, r), outcome));
    }
    return this;
  }

  Searches seal(int generation, CandidateId... survivors) {
    return event(new SearchEvent.Sealed(generation, List.of(survivors)));
  }

  ReportInput input() {
    return new ReportInput(
        name,
        spec(),
        Branch.ONE_STAGE,
        SearchState.empty().applyAll(events),
        verdict,
        measurements,
        List.of(
            new ReportInput.Location("Ledger", "sample/api"),
            new ReportInput.Location("Checkpoints", "sample/trials")));
  }

  String html() {
    return Report.html(input());
  }

  private static Metrics metrics(double ap) {
    return new Metrics(ap, Math.min(1, ap * 1.5), ap * 0.9, -1, ap, ap, ap, ap, ap, -1, ap, ap);
  }

  private LossSearchSpec spec() {
    var schedule =
        new Schedule(
            8,
            4,
            0.02,
            0.9,
            1e-4,
            new WarmUp(30, 0.1),
            List.of(6),
            0.1,
            null,
            new Resize(96, 96),
            0.5);
    return new LossSearchSpec(
        7,
        false,
        SuspendPolicy.DRAIN,
        new Detector(
            Architecture.FCOS,
            Backbone.SMALL,
            new Preprocessing(ChannelOrder.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0))),
        new Dataset(
            new DatasetSource(null, null, null, new ShapesSource(1, 96, 48, 96, 96)),
            null,
            null,
            null),
        new Space(
            List.of(SearchBranch.CLASSIFICATION, SearchBranch.REGRESSION),
            null,
            List.of(1.0, 2.0, 3.0),
            40,
            10,
            AreaUnits.NATIVE,
            false),
        new Evolution(
            generations,
            2000,
            null,
            4,
            2,
            replicates,
            1,
            null,
            new VariationRates(0.4, 0.2, 0.15, 0.1, 0.1, 0.05, 0.1),
            List.of(),
            List.of(),
            Seeding.INITIAL,
            EvolutionStrategy.GENERATIONAL,
            BranchesPerGeneration.JOINT,
            1,
            0,
            50),
        null,
        new TrainingPlan(schedule, new Accelerator("nvidia.com/gpu", 0, 1), BoxWeighting.INTENDED),
        null,
        new Trials(
            4,
            new Retries(3, 1),
            2,
            new Deadlines(3600, 86400, 60),
            new Scheduling(null, null, null),
            new PodOptions(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null),
            null,
            JobRetention.FAILED,
            300),
        new Budget(null, null, null),
        new Stop(0));
  }
}
