package dev.autoloss.operator.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.operator.Samples;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Origin;
import dev.autoloss.search.SearchEvent;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A client that leaves out what is 0 writes a search, and the API server puts defaults in place.
 */
class BegunSearchTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final LossSearch search = edited(Samples.search("quickstart", 2, 3, 2), "flip", 0);

  private static LossSearch edited(LossSearch search, String field, Object value) {
    ObjectNode spec = MAPPER.valueToTree(search.getSpec());
    ((ObjectNode) spec.at("/training/schedule")).putPOJO(field, value);
    return LossSearch.of(search.getMetadata(), MAPPER.convertValue(spec, LossSearchSpec.class));
  }

  private ControllerRevision firstSegment() throws DamagedLedgerException {
    var baseline =
        new Candidate(new CandidateId(0, 0), Origin.BASELINE, List.of(), LossPair.DEFAULT);
    var proposed = new SearchEvent.Proposed(0, List.of(baseline), new Funnel(1, 0, Map.of(), 1, 1));
    return Ledger.EMPTY
        .following(search, Branch.ONE_STAGE, List.of(proposed), _ -> Optional.empty())
        .getFirst();
  }

  @Test
  void whatWasZeroStaysZero() throws DamagedLedgerException {
    ControllerRevision first = firstSegment();
    LossSearch dropped = edited(search, "flip", 0.5);
    LossSearch begun = Ledger.begun(dropped, List.of(first));
    assertEquals(search.getSpec(), begun.getSpec());
    assertEquals(dropped.getMetadata(), begun.getMetadata());
    assertSame(search, Ledger.begun(search, List.of(first)), "nothing is to be done");
  }

  @Test
  void otherFieldsAreThoseOfToday() throws DamagedLedgerException {
    LossSearch other = edited(search, "epochs", 9);
    assertEquals(other.getSpec(), Ledger.begun(other, List.of(firstSegment())).getSpec());
  }

  @Test
  void withoutItsOwnFirstSegmentItIsAsItIs() throws DamagedLedgerException {
    ControllerRevision first = firstSegment();
    LossSearch dropped = edited(search, "flip", 0.5);
    assertSame(dropped, Ledger.begun(dropped, List.of()));
    var foreign =
        LossSearch.of(
            new ObjectMetaBuilder(dropped.getMetadata())
                .withUid(dropped.getMetadata().getUid() + "f")
                .build(),
            dropped.getSpec());
    assertSame(foreign, Ledger.begun(foreign, List.of(first)));
  }
}
