package dev.autoloss.operator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.VerdictStatus;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Origin;
import dev.autoloss.search.Scaling;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.Stage;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FinalsTableTest {
  private static final List<CandidateId> ENTERED =
      List.of(Searches.id(1, 0), Searches.id(0, 0), Searches.id(0, 1));
  private static final double[][] FINALS = {{0.41, 0.43}, {0.30, 0.34}, {0.36, 0.10}};

  private static Searches raced() {
    var control =
        new Candidate(
            Searches.id(0, 1),
            Origin.CONTROL,
            List.of(),
            LossPair.DEFAULT,
            new Scaling(1, 2, 1),
            Optional.of("DoubleBoxWeight"));
    var search =
        new Searches(1, 1)
            .propose(0, Searches.noFunnel(), Searches.baseline(), control)
            .propose(
                1,
                Searches.funnel(100, 3),
                Searches.candidate(
                    1, 0, Origin.INITIAL, Searches.pair(SampleSearch.FLI, SampleSearch.GIOU)),
                Searches.candidate(
                    1, 1, Origin.INITIAL, Searches.pair(SampleSearch.FOCAL, SampleSearch.IOU)),
                Searches.candidate(
                    1, 2, Origin.RANDOM, Searches.pair(SampleSearch.FOCAL, SampleSearch.SCALED)))
            .score(Searches.id(0, 0), 0.30)
            .score(Searches.id(0, 1), 0.35);
    for (int slot = 0; slot < 3; slot++) {
      search.event(
          new SearchEvent.Recorded(
              TrialId.simulation(Searches.id(1, slot)),
              slot == 2 ? new TrialOutcome.Rejected() : new TrialOutcome.Scored(0.8)));
    }
    return search
        .event(new SearchEvent.Promoted(1, List.of(Searches.id(1, 0), Searches.id(1, 1)), 1))
        .score(Searches.id(1, 0), 0.40)
        .score(Searches.id(1, 1), 0.32)
        .seal(0)
        .seal(1, Searches.id(1, 0));
  }

  @Test
  void finalsControlsAndVerdictAreShown() {
    Searches search = raced().event(new SearchEvent.Chosen(Stage.FINAL, ENTERED));
    for (int k = 0; k < FINALS.length; k++) {
      for (int r = 0; r < FINALS[k].length; r++) {
        search.event(
            new SearchEvent.Recorded(
                new TrialId(ENTERED.get(k), Stage.FINAL, r),
                new TrialOutcome.Scored(FINALS[k][r])));
      }
    }
    var verdict =
        new VerdictStatus(
            "Unconfirmed", "nothing is confirmed", null, null, null, null, null, null);
    Page page = Page.parse(search.judged(verdict).html());
    var finals = page.section("Finals and verdict");
    assertTrue(Page.text(finals).contains("Unconfirmed: nothing is confirmed."));
    assertEquals(List.of("0.420", "0.014", "+0.100", "2", "0"), Page.row(finals, "g1-c0"));
    assertEquals(List.of("0.320", "0.028", "–", "2", "0"), Page.row(finals, "default pair"));
    // Its second seed is under half of the default pair's .34.
    assertEquals(
        List.of("0.230", "0.184", "−0.090", "2", "1"), Page.row(finals, "control DoubleBoxWeight"));
    assertTrue(
        Page.text(finals)
            .contains("Rank correlation of proxy and final over 3 candidates: 0.50 (Spearman)."),
        Page.text(finals));
  }

  @Test
  void whoFellInTheSimulationIsNotCalledUnfinished() {
    Page page = Page.parse(raced().html());
    List<String> counts = Page.row(page.section("Funnel"), "1");
    assertEquals("3", counts.get(counts.size() - 9), "simulated: " + counts);
    assertEquals("2", counts.get(counts.size() - 8), "trained: " + counts);
    assertEquals("1", counts.getLast(), "simulated only: " + counts);
    assertTrue(page.text().contains("control DoubleBoxWeight"));
  }
}
