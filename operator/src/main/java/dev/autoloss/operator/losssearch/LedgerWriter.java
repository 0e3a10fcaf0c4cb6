package dev.autoloss.operator.losssearch;

import dev.autoloss.api.LedgerHead;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.ledger.TrialRun;
import dev.autoloss.operator.resource.NameConflictException;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.TrialId;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a search's ledger from a cache that may lag, and appends to it. */
final class LedgerWriter {
  private final LossSearch search;
  private final Branch classification;
  private final SearchCluster cluster;

  LedgerWriter(LossSearch search, Branch classification, SearchCluster cluster) {
    this.search = search;
    this.classification = classification;
    this.cluster = cluster;
  }

  /**
   * Reads what the cache shows; if that is less than is known, or makes no sense, the API server is
   * asked before anything is called damaged.
   *
   * @param cached segments that the cache shows
   * @param known the newest ledger that this operator has read or written
   */
  Ledger read(List<ControllerRevision> cached, Ledger known) throws DamagedLedgerException {
    if (cached.size() >= known.links().size()) {
      try {
        Ledger ledger = Ledger.read(search, classification, cached, known);
        if (ledger.contradiction(head()).isEmpty()) {
          return ledger;
        }
      } catch (DamagedLedgerException perhapsLate) {
        // Asked below.
      }
    }
    Ledger ledger = Ledger.read(search, classification, cluster.segments(), known);
    Optional<String> contradiction = ledger.contradiction(head());
    if (contradiction.isEmpty() && ledger.links().size() < known.links().size()) {
      contradiction = Optional.of("segment " + known.links().size() + ": is gone");
    }
    if (contradiction.isPresent()) {
      throw new DamagedLedgerException(contradiction.get());
    }
    return ledger;
  }

  private Optional<LedgerHead> head() {
    return Optional.ofNullable(search.getStatus()).map(LossSearchStatus::ledger);
  }

  /**
   * Appends events.
   *
   * @param ledger what they follow
   * @param events what was decided or seen
   * @param run how each trial was run that is recorded among them
   * @throws NameConflictException if a segment's name is taken by somebody else
   * @throws ConcurrentWriterException if another operator was faster
   */
  Ledger append(Ledger ledger, List<SearchEvent> events, Function<TrialId, Optional<TrialRun>> run)
      throws DamagedLedgerException {
    if (events.isEmpty()) {
      return ledger;
    }
    Ledger longer = ledger;
    for (ControllerRevision segment : ledger.following(search, classification, events, run)) {
      var stored = cluster.create(segment);
      if (!stored.created()) {
        check(stored.resource(), segment);
      }
      longer = longer.then(search, classification, stored.resource());
    }
    return longer;
  }

  /** A crash may have kept our own segment from us; anything else under its name is not ours. */
  private void check(ControllerRevision existing, ControllerRevision segment) {
    if (!Ownership.controls(search, existing)) {
      throw new NameConflictException("ControllerRevision", existing.getMetadata().getName());
    }
    if (!Ledger.sameSegment(existing, segment)) {
      throw new ConcurrentWriterException(existing.getMetadata().getName());
    }
  }
}
