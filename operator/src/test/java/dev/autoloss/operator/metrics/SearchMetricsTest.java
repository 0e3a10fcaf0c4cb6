package dev.autoloss.operator.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Score;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrialCounts;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.operator.Samples;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.SearchEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SearchMetrics metrics = new SearchMetrics(registry);

  private static LossSearchStatus status(int scored, double best) {
    var score = new Score("g1-c3", null, "Sub(1,Div(I,U))", best, null, 1, null, null, null, null);
    return new LossSearchStatus(
        1L,
        SearchPhase.RUNNING,
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
        null,
        null);
  }

  private static LossSearch search(String name, String uid) {
    LossSearch search = Samples.search(name, 1, 1, 1);
    search.getMetadata().setUid(uid);
    return search;
  }

  @Test
  void trialsAreSummedAndScoresShownBySearch() {
    metrics.projected(search("a", "1"), status(3, 0.25));
    metrics.projected(search("b", "2"), status(4, 0.5));
    metrics.projected(search("a", "1"), status(5, 0.75));
    String text = registry.scrape();
    assertTrue(text.contains("autoloss_trials{state=\"scored\"} 9.0"), text);
    assertTrue(text.contains("autoloss_best_ap{namespace=\"default\",search=\"a\"} 0.75"), text);
    assertTrue(text.contains("autoloss_best_ap{namespace=\"default\",search=\"b\"} 0.5"), text);
    assertTrue(text.contains("autoloss_baseline_ap{namespace=\"default\",search=\"b\"} NaN"), text);
    assertFalse(text.contains("g1-c3"), "no label names a candidate");
    metrics.forget(search("a", "1"));
    text = registry.scrape();
    assertTrue(text.contains("autoloss_trials{state=\"scored\"} 4.0"), text);
    assertFalse(text.contains("search=\"a\""), text);
  }

  @Test
  void generationsAndCandidatesAreCounted() {
    metrics.recorded(
        List.of(
            new SearchEvent.Proposed(0, List.of(), new Funnel(1, 0, Map.of(), 1, 1)),
            new SearchEvent.Proposed(
                1, List.of(), new Funnel(100, 7, Map.of(Gate.FINITE, 60), 4, 4)),
            new SearchEvent.Sealed(0, List.of()),
            new SearchEvent.Sealed(1, List.of())),
        Map.of());
    assertEquals(1, registry.counter("autoloss.generations").count(), "the baseline is none");
    assertEquals(60, registry.counter("autoloss.candidates", "verdict", "finite").count());
    assertEquals(7, registry.counter("autoloss.candidates", "verdict", "duplicate").count());
    assertTrue(registry.scrape().contains("autoloss_generations_total 1.0"));
  }
}
