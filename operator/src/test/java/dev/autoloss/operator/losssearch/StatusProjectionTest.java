package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.LossSearch;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Origin;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusProjectionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** As large as the limits of the schema allow: 30 generations of 500, 255 nodes each. */
  @Test
  void fifteenThousandCandidatesFit() throws Exception {
    LossSearch search = Samples.search("s".repeat(63), 30, 500, 100);
    var spec = SearchSpecs.of(search);
    var events = new ArrayList<SearchEvent>();
    var baseline = new CandidateId(0, 0);
    var empty = new LossPair(Optional.empty(), Optional.empty());
    events.add(
        new SearchEvent.Proposed(
            0,
            List.of(new Candidate(baseline, Origin.BASELINE, List.of(), empty)),
            Events.funnel(1)));
    events.add(scored(baseline, 0.5));
    events.add(new SearchEvent.Sealed(0, List.of()));
    for (int generation = 1; generation <= 30; generation++) {
      var candidates = new ArrayList<Candidate>();
      for (int slot = 0; slot < 500; slot++) {
        int number = generation * 500 + slot;
        candidates.add(
            new Candidate(
                new CandidateId(generation, slot),
                Origin.RANDOM,
                List.of(),
                new LossPair(
                    Optional.of(large("Softplus(X)", number)),
                    Optional.of(large("Softplus(I)", number)))));
      }
      events.add(new SearchEvent.Proposed(generation, candidates, Events.funnel(500)));
      candidates.forEach(
          candidate -> events.add(scored(candidate.id(), candidate.id().slot() / 500.0)));
      events.add(new SearchEvent.Sealed(generation, List.of(new CandidateId(generation, 499))));
    }
    SearchState state = SearchState.empty().applyAll(events);
    var ledger =
        new Ledger(
            List.of(new Ledger.Link("u@1", "d".repeat(64))), 15_031, state, new LinkedHashMap<>());
    var taken =
        new StepResult.Taken(
            ledger,
            spec,
            new Trials(search, List.of()),
            List.of(),
            Optional.empty(),
            Optional.of(new StepResult.Halt(SearchReason.NAME_CONFLICT, "x".repeat(100_000))),
            Optional.empty(),
            Optional.empty(),
            List.of());
    var status = new StatusProjection(search, NOW).of(taken);
    int bytes = new ObjectMapper().writeValueAsBytes(status).length;
    System.out.println("Status of 15,001 candidates: " + bytes + " bytes");
    assertTrue(bytes < 64 * 1024, bytes + " bytes");
    assertEquals(15_001, status.trials().scored());
    assertEquals(5, status.best().size());
  }

  private static SearchEvent scored(CandidateId id, double ap) {
    return new SearchEvent.Recorded(TrialId.proxy(id, 0), new TrialOutcome.Scored(ap));
  }

  private static Expression large(String leaf, int number) {
    String text = number % 10 + "";
    for (int i = 0; i < 60; i++) {
      text = "Add(" + leaf + "," + text + ")";
    }
    return ExpressionParser.parse(text, leaf.contains("X") ? Branch.ONE_STAGE : Branch.REGRESSION);
  }

  @Test
  void spreadIsTheStandardDeviationOfTheReplicates() throws Exception {
    LossSearch search = Samples.search("s", 1, 1, 1);
    SearchState state = SearchState.empty();
    var empty = new LossPair(Optional.empty(), Optional.empty());
    var id = new CandidateId(0, 0);
    state =
        state.apply(
            new SearchEvent.Proposed(
                0,
                List.of(new Candidate(id, Origin.BASELINE, List.of(), empty)),
                Events.funnel(1)));
    double[] aps = {0.2, 0.3, 0.7};
    for (int r = 0; r < aps.length; r++) {
      state =
          state.apply(
              new SearchEvent.Recorded(TrialId.proxy(id, r), new TrialOutcome.Scored(aps[r])));
    }
    var taken =
        new StepResult.Taken(
            new Ledger(List.of(), 0, state, new LinkedHashMap<>()),
            SearchSpecs.of(search),
            new Trials(search, List.of()),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    var baseline = new StatusProjection(search, NOW).of(taken).baseline();
    assertEquals(0.4, baseline.meanAP(), 1e-12);
    assertEquals(Math.sqrt(0.07), baseline.spread(), 1e-12);
    assertEquals(3, baseline.n());
  }
}
