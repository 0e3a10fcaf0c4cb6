package dev.autoloss.operator.ledger;

import dev.autoloss.api.LedgerHead;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Immutability;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchState;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search's ledger, verified and folded.
 *
 * @param links the segments that were read, in order
 * @param events events in all
 * @param state what the events fold to
 */
public record Ledger(List<Link> links, long events, SearchState state) {
  /** Lines of a segment are cut here: even incompressible ones stay below 512 KiB of data. */
  private static final int MOST_CHARACTERS = 380_000;

  /** The API server takes objects up to about 1.5 MiB. */
  private static final int MOST_PAYLOAD = 1_000_000;

  /** A ledger without segments. */
  public static final Ledger EMPTY = new Ledger(List.of(), 0, SearchState.empty());

  /**
   * A segment that was read.
   *
   * @param identity UID and version of its ControllerRevision
   * @param digest its digest
   */
  public record Link(String identity, String digest) {}

  /**
   * Copies the list.
   *
   * @param links the segments, in order
   * @param events events in all
   * @param state their fold
   */
  public Ledger {
    links = List.copyOf(links);
  }

  /**
   * What the status holds of it.
   *
   * @return the head; empty if there is no segment
   */
  public Optional<LedgerHead> head() {
    return links.isEmpty()
        ? Optional.empty()
        : Optional.of(new LedgerHead(links.size(), digest(), events));
  }

  private String digest() {
    return links.isEmpty() ? "" : links.getLast().digest();
  }

  /**
   * Reads, verifies and folds the segments of a search.
   *
   * @param search owner of the segments
   * @param classification branch of its classification losses
   * @param revisions its ControllerRevisions, in any order
   * @param read an earlier reading of the same ledger, which is gone on from where it still fits;
   *     else {@link #EMPTY}
   * @return the ledger
   * @throws DamagedLedgerException if a segment is missing, foreign, changed or makes no sense
   */
  public static Ledger read(
      LossSearch search, Branch classification, List<ControllerRevision> revisions, Ledger read)
      throws DamagedLedgerException {
    List<ControllerRevision> ordered = ordered(revisions);
    List<String> identities = ordered.stream().map(Ledger::identity).toList();
    List<String> known = read.links.stream().map(Link::identity).toList();
    boolean fits =
        known.size() <= identities.size() && identities.subList(0, known.size()).equals(known);
    Ledger ledger = fits ? read : EMPTY;
    return ledger.then(
        search,
        new EventCodec(classification),
        ordered.subList(ledger.links.size(), ordered.size()));
  }

  /**
   * The search as it was begun: clients that leave zeros out when they write it change nothing.
   *
   * @param search as the API server has it
   * @param revisions its ControllerRevisions, in any order
   * @return the search itself if it has no ledger yet, or nothing is missing
   */
  public static LossSearch begun(LossSearch search, Collection<ControllerRevision> revisions) {
    return revisions.stream()
        .filter(revision -> revision.getMetadata().getName().equals(Revisions.name(search, 1)))
        .filter(revision -> Ownership.controls(search, revision))
        .findFirst()
        .map(first -> Immutability.withZeros(search, Revisions.zeros(first)))
        .orElse(search);
  }

  /**
   * Reads the events themselves, for reports.
   *
   * @param search owner of the segments
   * @param classification branch of its classification losses
   * @param revisions its ControllerRevisions, in any order
   * @return all events in order
   * @throws DamagedLedgerException if the ledger can't be trusted
   */
  public static List<SearchEvent> events(
      LossSearch search, Branch classification, List<ControllerRevision> revisions)
      throws DamagedLedgerException {
    var codec = new EventCodec(classification);
    var _ = read(search, classification, revisions, EMPTY);
    var events = new ArrayList<SearchEvent>();
    for (ControllerRevision revision : ordered(revisions)) {
      events.addAll(decode(search, revision, Revisions.read(revision), codec));
    }
    return List.copyOf(events);
  }

  /**
   * All events of a verified ledger as a person or a program may read them.
   *
   * @param search the search
   * @param classification its kind of classification loss
   * @param revisions its segments
   * @return a JSON object a line, in the order of the ledger
   * @throws DamagedLedgerException if they are no whole chain
   */
  public static List<String> lines(
      LossSearch search, Branch classification, List<ControllerRevision> revisions)
      throws DamagedLedgerException {
    var codec = new EventCodec(classification);
    return events(search, classification, revisions).stream().map(codec::write).toList();
  }

  /**
   * Compares with the head that the status holds; more segments than it knows are no damage: a
   * crash kept them from the status.
   *
   * @param head head of the status; empty if it has none
   * @return what contradicts it; empty if nothing does
   */
  public Optional<String> contradiction(Optional<LedgerHead> head) {
    if (head.isEmpty() || head.get().segments() < 1) {
      return Optional.empty();
    }
    int known = head.get().segments();
    if (known > links.size()) {
      return Optional.of(
          "segment " + (links.size() + 1) + ": missing, the status knows of " + known);
    }
    return links.get(known - 1).digest().equals(head.get().digest())
        ? Optional.empty()
        : Optional.of("segment " + known + ": is not the one that the status knows");
  }

  /**
   * Makes the segments that follow.
   *
   * @param search owner of the segments
   * @param classification branch of its classification losses
   * @param more events to append, not empty
   * @return what is to be created, in order, each only after the one before
   * @throws DamagedLedgerException if an event is larger than the API server takes
   */
  public List<ControllerRevision> following(
      LossSearch search, Branch classification, List<SearchEvent> more)
      throws DamagedLedgerException {
    var codec = new EventCodec(classification);
    var made = new ArrayList<ControllerRevision>();
    var lines = new ArrayList<String>();
    String previous = digest();
    int characters = 0;
    int index = links.size();
    for (int i = 0; i < more.size(); i++) {
      String line = codec.write(more.get(i));
      lines.add(line);
      characters += line.length();
      boolean last = i == more.size() - 1;
      if (last || characters > MOST_CHARACTERS) {
        index++;
        Segment segment = Segment.of(search.getMetadata().getUid(), index, previous, lines);
        if (segment.payload().length() > MOST_PAYLOAD) {
          throw new DamagedLedgerException(
              "segment " + index + ": a generation is too large to be recorded");
        }
        made.add(Revisions.write(search, segment));
        previous = segment.digest();
        lines.clear();
        characters = 0;
      }
    }
    return made;
  }

  /**
   * Goes on by the next segment.
   *
   * @param search owner of the segments
   * @param classification branch of its classification losses
   * @param revision the next segment, as the API server has stored it
   * @return the longer ledger
   * @throws DamagedLedgerException if the segment does not follow
   */
  public Ledger then(LossSearch search, Branch classification, ControllerRevision revision)
      throws DamagedLedgerException {
    return then(search, new EventCodec(classification), List.of(revision));
  }

  /**
   * Says whether two ControllerRevisions hold the same segment.
   *
   * @param one a segment
   * @param other another
   * @return true if their digests are equal
   */
  public static boolean sameSegment(ControllerRevision one, ControllerRevision other) {
    try {
      return Revisions.read(one).digest().equals(Revisions.read(other).digest());
    } catch (DamagedLedgerException unreadable) {
      return false;
    }
  }

  /** All at once: a fold of many events copies the state once. */
  private Ledger then(LossSearch search, EventCodec codec, List<ControllerRevision> revisions)
      throws DamagedLedgerException {
    var more = new ArrayList<>(links);
    var decoded = new ArrayList<SearchEvent>();
    for (ControllerRevision revision : revisions) {
      String previous = more.isEmpty() ? "" : more.getLast().digest();
      Segment segment = verified(search, revision, more.size() + 1, previous);
      decoded.addAll(decode(search, revision, segment, codec));
      more.add(new Link(identity(revision), segment.digest()));
    }
    try {
      return new Ledger(more, events + decoded.size(), state.applyAll(decoded));
    } catch (IllegalStateException senseless) {
      throw new DamagedLedgerException(
          "segments " + (links.size() + 1) + " to " + more.size() + ": " + senseless.getMessage());
    }
  }

  private static Segment verified(
      LossSearch search, ControllerRevision revision, int index, String previous)
      throws DamagedLedgerException {
    String name = revision.getMetadata().getName();
    Segment segment = Revisions.read(revision);
    if (!Ownership.controls(search, revision)) {
      throw new DamagedLedgerException(name + ": is not of this search");
    }
    if (segment.index() != index || !name.equals(Revisions.name(search, index))) {
      throw new DamagedLedgerException("segment " + index + ": missing, found " + name);
    }
    if (!segment.previous().equals(previous)) {
      throw new DamagedLedgerException(name + ": does not follow the segment before it");
    }
    return segment;
  }

  private static List<SearchEvent> decode(
      LossSearch search, ControllerRevision revision, Segment segment, EventCodec codec)
      throws DamagedLedgerException {
    var decoded = new ArrayList<SearchEvent>();
    for (String line : segment.lines(search.getMetadata().getUid())) {
      try {
        decoded.add(codec.read(line));
      } catch (IllegalArgumentException senseless) {
        throw new DamagedLedgerException(
            revision.getMetadata().getName()
                + ": event "
                + (decoded.size() + 1)
                + ": "
                + senseless.getMessage());
      }
    }
    return decoded;
  }

  private static List<ControllerRevision> ordered(List<ControllerRevision> revisions) {
    return revisions.stream()
        .sorted(Comparator.comparingLong(revision -> orZero(revision.getRevision())))
        .toList();
  }

  private static String identity(ControllerRevision revision) {
    return revision.getMetadata().getUid() + "@" + revision.getMetadata().getResourceVersion();
  }

  private static long orZero(@Nullable Long revision) {
    return revision == null ? 0 : revision;
  }
}
