package dev.autoloss.operator.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.AcceleratorSeconds;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Score;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrialCounts;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.operator.Samples;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SearchMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SearchMetrics metrics = new SearchMetrics(registry, 2);

  private static LossSearchStatus status(SearchPhase phase, int scored, double best) {
    return status(phase, scored, best, List.of());
  }

  private static LossSearchStatus status(
      SearchPhase phase, int scored, double best, List<Condition> conditions) {
    var score = new Score("g1-c3", null, "Sub(1,Div(I,U))", best, null, 1, null, null, null, null);
    return new LossSearchStatus(
        1L,
        phase,
        1,
        new TrialCounts(9, 1, scored, 0, 0, 0, 0),
        null,
        List.of(score),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new AcceleratorSeconds(120, 30),
        conditions);
  }

  private static Condition condition(String type, String status, String reason, String since) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withLastTransitionTime(since)
        .build();
  }

  private static LossSearch search(String name, String uid) {
    LossSearch search = Samples.search(name, 3, 1, 1);
    search.getMetadata().setUid(uid);
    return search;
  }

  private void see(LossSearch search, LossSearchStatus status, String grown) {
    metrics.projected(search, status, Optional.of(Instant.parse(grown)));
    search.setStatus(status);
  }

  private void see(LossSearch search, SearchPhase phase, int scored, double best) {
    see(search, status(phase, scored, best), "2026-01-01T00:00:00Z");
  }

  private void scrapes(String line) {
    String text = registry.scrape();
    assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
  }

  @Test
  void trialsAreSummedAndScoresShownBySearch() {
    see(search("a", "1"), SearchPhase.RUNNING, 3, 0.25);
    see(search("b", "2"), SearchPhase.RUNNING, 4, 0.5);
    see(search("a", "1"), SearchPhase.RUNNING, 5, 0.75);
    scrapes("autoloss_trials{state=\"scored\"} 9.0");
    scrapes("autoloss_trials{state=\"pending\"} 7.0");
    scrapes("autoloss_searches{state=\"running\"} 2.0");
    scrapes("autoloss_best_ap{namespace=\"default\",search=\"a\"} 0.75");
    scrapes("autoloss_best_ap{namespace=\"default\",search=\"b\"} 0.5");
    scrapes("autoloss_baseline_ap{namespace=\"default\",search=\"b\"} NaN");
    scrapes("autoloss_search_planned_generations{namespace=\"default\",search=\"b\"} 3.0");
    scrapes(
        "autoloss_search_accelerator_seconds{namespace=\"default\",search=\"a\",use=\"wasted\"}"
            + " 30.0");
    scrapes("autoloss_search_state{namespace=\"default\",search=\"a\",state=\"running\"} 1.0");
    assertFalse(registry.scrape().contains("g1-c3"), "no label names a candidate");
    metrics.forget(search("a", "1").getMetadata().getUid());
    scrapes("autoloss_trials{state=\"scored\"} 4.0");
    assertFalse(registry.scrape().contains("search=\"a\""), registry::scrape);
  }

  @Test
  void seriesOfSearchesAreBoundedAndGoToThoseThatRun() {
    see(search("a", "1"), SearchPhase.COMPLETE, 3, 0.25);
    see(search("b", "2"), SearchPhase.RUNNING, 4, 0.5);
    see(search("c", "3"), SearchPhase.COMPLETE, 4, 0.5);
    scrapes("autoloss_searches_hidden 1.0");
    assertFalse(registry.scrape().contains("search=\"c\""), registry::scrape);
    see(search("d", "4"), SearchPhase.RUNNING, 4, 0.5);
    assertFalse(registry.scrape().contains("search=\"a\""), registry::scrape);
    scrapes("autoloss_best_ap{namespace=\"default\",search=\"d\"} 0.5");
    see(search("e", "5"), SearchPhase.RUNNING, 4, 0.5);
    assertFalse(registry.scrape().contains("search=\"e\""), registry::scrape);
    scrapes("autoloss_searches_hidden 3.0");
    scrapes("autoloss_trials{state=\"scored\"} 19.0");
  }

  @Test
  void aSearchMadeAgainUnderItsNameIsNotForgottenWithTheOldOne() {
    see(search("a", "old"), SearchPhase.COMPLETE, 3, 0.25);
    see(search("a", "new"), SearchPhase.RUNNING, 1, 0.5);
    metrics.forget(search("a", "old").getMetadata().getUid());
    scrapes("autoloss_best_ap{namespace=\"default\",search=\"a\"} 0.5");
    scrapes("autoloss_trials{state=\"scored\"} 1.0");
  }

  @Test
  void theSearchThatHasStoodLongestIsFound() {
    scrapes("autoloss_oldest_progress_timestamp_seconds NaN");
    see(search("a", "1"), status(SearchPhase.RUNNING, 1, 0), "1970-01-01T00:03:00Z");
    see(search("b", "2"), status(SearchPhase.RUNNING, 1, 0), "1970-01-01T00:02:00Z");
    see(search("c", "3"), status(SearchPhase.COMPLETE, 1, 0), "1970-01-01T00:01:00Z");
    scrapes("autoloss_oldest_progress_timestamp_seconds 120.0");
    // It was suspended until a while ago.
    var resumed = condition("Suspended", "False", "NotSuspended", "1970-01-01T00:05:00Z");
    see(
        search("b", "2"),
        status(SearchPhase.RUNNING, 1, 0, List.of(resumed)),
        "1970-01-01T00:02:00Z");
    scrapes("autoloss_oldest_progress_timestamp_seconds 180.0");
  }

  @Test
  void conditionsAndEndsAreCounted() {
    var damaged = condition("LedgerHealthy", "False", "LedgerDamaged", "2026-01-01T00:00:00Z");
    var whole = condition("LedgerHealthy", "True", "LedgerVerified", "2026-01-01T00:00:00Z");
    var complete = condition("Complete", "True", "BudgetSpent", "2026-01-01T00:00:00Z");
    LossSearch a = search("a", "1");
    see(a, status(SearchPhase.RUNNING, 1, 0, List.of(whole)), "2026-01-01T00:00:00Z");
    see(
        search("b", "2"),
        status(SearchPhase.RUNNING, 1, 0, List.of(whole)),
        "2026-01-01T00:00:00Z");
    see(a, status(SearchPhase.FAILED, 1, 0, List.of(damaged)), "2026-01-01T00:00:00Z");
    String healthy = "autoloss_search_conditions{condition=\"LedgerHealthy\",";
    scrapes(healthy + "reason=\"LedgerDamaged\",status=\"False\"} 1.0");
    scrapes(healthy + "reason=\"LedgerVerified\",status=\"True\"} 1.0");
    see(a, status(SearchPhase.RUNNING, 1, 0, List.of(whole)), "2026-01-01T00:00:00Z");
    scrapes(healthy + "reason=\"LedgerDamaged\",status=\"False\"} 0.0");
    see(a, status(SearchPhase.COMPLETE, 1, 0, List.of(complete)), "2026-01-01T00:00:00Z");
    see(a, status(SearchPhase.COMPLETE, 2, 0, List.of(complete)), "2026-01-01T00:00:00Z");
    scrapes("autoloss_searches_ended_total{state=\"complete\"} 1.0");
    scrapes("autoloss_searches_ended_total{state=\"failed\"} 1.0");
  }

  @Test
  void generationsAndCandidatesAreCounted() {
    scrapes("autoloss_generations_total 0.0");
    metrics.recorded(
        List.of(
            new SearchEvent.Proposed(0, List.of(), new Funnel(1, 0, Map.of(), 1, 1)),
            new SearchEvent.Proposed(
                1, List.of(), new Funnel(100, 7, Map.of(Gate.FINITE, 60), 33, 4)),
            new SearchEvent.Sealed(0, List.of()),
            new SearchEvent.Sealed(1, List.of(new CandidateId(1, 3), new CandidateId(0, 2)))),
        Map.of());
    scrapes("autoloss_generations_total 1.0");
    scrapes("autoloss_candidates_total{stage=\"screening\",verdict=\"finite\"} 60.0");
    scrapes("autoloss_candidates_total{stage=\"screening\",verdict=\"duplicate\"} 7.0");
    scrapes("autoloss_candidates_total{stage=\"screening\",verdict=\"passed\"} 33.0");
    scrapes("autoloss_candidates_total{stage=\"proxy\",verdict=\"survived\"} 1.0");
  }

  @Test
  void recordedTrialsAreCountedByStageWithTheirTime() {
    var training = new DetectorTraining();
    training.setStatus(
        new DetectorTrainingStatus(
            null, null, null, null, null, null, 400.0, null, null, null, null, null, null));
    var simulation = TrialId.simulation(new CandidateId(1, 0));
    var proxy = TrialId.proxy(new CandidateId(1, 0), 0);
    scrapes("autoloss_trial_results_total{outcome=\"lost\",stage=\"proxy\"} 0.0");
    metrics.recorded(
        List.of(
            new SearchEvent.Recorded(simulation, new TrialOutcome.Scored(0.5)),
            new SearchEvent.Recorded(proxy, new TrialOutcome.Scored(0.5)),
            new SearchEvent.Recorded(
                TrialId.proxy(new CandidateId(1, 1), 0), new TrialOutcome.Lost("evicted"))),
        Map.of(proxy, training));
    scrapes("autoloss_candidates_total{stage=\"simulation\",verdict=\"passed\"} 1.0");
    scrapes("autoloss_trial_results_total{outcome=\"scored\",stage=\"proxy\"} 1.0");
    scrapes("autoloss_trial_results_total{outcome=\"lost\",stage=\"proxy\"} 1.0");
    scrapes("autoloss_trial_seconds_sum{stage=\"proxy\"} 400.0");
    scrapes("autoloss_trial_seconds_bucket{stage=\"proxy\",le=\"300.0\"} 0");
    scrapes("autoloss_trial_seconds_bucket{stage=\"proxy\",le=\"900.0\"} 1");
  }
}
