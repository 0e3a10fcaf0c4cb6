package dev.autoloss.operator.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.LedgerHead;
import dev.autoloss.api.LossSearch;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.operator.Samples;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.FailureReason;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Origin;
import dev.autoloss.search.Scaling;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Stage;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Branch BRANCH = Branch.ONE_STAGE;
  private static final int SEEDS = 50;
  private static final String BEST_BEFORE_STAGES = "g2-c0";

  private static final TrialRun RUN =
      new TrialRun(OptionalDouble.of(1.5), 3, Optional.of("trainer@sha256:1"), Optional.of("d"));

  private final LossSearch search = Samples.search("quickstart", 2, 3, 2);

  @Test
  void everyEventReadsAsItWasWritten() {
    var codec = new EventCodec(BRANCH);
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      for (int i = 0; i < 20; i++) {
        SearchEvent event = event(random);
        var entry = new EventCodec.Entry(event, run(random, event));
        assertEquals(entry, codec.read(codec.write(entry)), "seed " + seed);
      }
    }
  }

  private static Optional<TrialRun> run(Random random, SearchEvent event) {
    return event instanceof SearchEvent.Recorded && random.nextBoolean()
        ? Optional.of(
            new TrialRun(
                random.nextBoolean()
                    ? OptionalDouble.of(random.nextDouble())
                    : OptionalDouble.empty(),
                random.nextInt(9),
                random.nextBoolean() ? Optional.of("trainer@sha256:1") : Optional.empty(),
                random.nextBoolean() ? Optional.of("d") : Optional.empty()))
        : Optional.empty();
  }

  /** A search that ran to its end before there were stages, controls and weights. */
  @Test
  void aLedgerFromBeforeTheStagesIsRead() throws Exception {
    List<ControllerRevision> segments;
    try (var stream = LedgerTest.class.getResourceAsStream("before-stages.json")) {
      segments = List.of(new ObjectMapper().readValue(stream, ControllerRevision[].class));
    }
    Ledger ledger = Ledger.read(search, BRANCH, segments, Ledger.EMPTY);
    SearchState state = ledger.state();
    assertEquals(List.of(0, 1, 2), List.copyOf(state.survivors().keySet()));
    assertEquals(7, state.outcomes().size());
    assertEquals(BEST_BEFORE_STAGES, state.ranking().getFirst().toString());
    assertTrue(
        state.candidates().values().stream()
            .allMatch(candidate -> candidate.scaling().equals(Scaling.NONE)));
    assertEquals(
        new TrialOutcome.Diverged(), state.outcome(TrialId.parse("g1-c0-p0")).orElseThrow());
    var codec = new EventCodec(BRANCH);
    var lines = new ArrayList<String>();
    for (ControllerRevision segment : segments) {
      lines.addAll(Revisions.read(segment).lines(search.getMetadata().getUid()));
    }
    assertEquals(lines, Ledger.lines(search, BRANCH, segments), "written as it was");
    assertEquals(lines.size(), ledger.events());
    for (String line : lines) {
      assertEquals(line, codec.write(codec.read(line)));
    }
  }

  @Test
  void factorsOfACandidateAreKept() {
    var codec = new EventCodec(BRANCH);
    var control =
        new Candidate(
            new CandidateId(0, 1),
            Origin.CONTROL,
            List.of(),
            LossPair.DEFAULT,
            new Scaling(1.84, 0.1, 3),
            Optional.of("ScaledClassification"));
    var event = new SearchEvent.Proposed(0, List.of(control), new Funnel(1, 0, Map.of(), 1, 1));
    var entry = new EventCodec.Entry(event, Optional.empty());
    assertEquals(entry, codec.read(codec.write(entry)));
    assertEquals(
        "learningRate: expected a number",
        assertThrows(
                IllegalArgumentException.class,
                () -> codec.read(codec.write(entry).replace("3.0", "true")))
            .getMessage());
  }

  private static SearchEvent event(Random random) {
    int generation = random.nextInt(100);
    return switch (random.nextInt(6)) {
      case 4 ->
          new SearchEvent.Promoted(
              generation, List.of(new CandidateId(generation, 3)), 1 + random.nextInt(9));
      case 5 ->
          new SearchEvent.Chosen(
              random.nextBoolean() ? Stage.FINAL : Stage.TEST, List.of(new CandidateId(0, 1)));
      case 0 -> {
        var candidates = new ArrayList<Candidate>();
        for (int slot = 0; slot < random.nextInt(1, 6); slot++) {
          candidates.add(
              new Candidate(
                  new CandidateId(generation, slot),
                  pick(random, List.of(Origin.values())),
                  IntStream.range(0, random.nextInt(3))
                      .mapToObj(i -> new CandidateId(random.nextInt(9), i))
                      .toList(),
                  new LossPair(tree(random, BRANCH), tree(random, Branch.REGRESSION))));
        }
        yield new SearchEvent.Proposed(generation, candidates, funnel(random));
      }
      case 1 ->
          new SearchEvent.Recorded(
              TrialId.proxy(new CandidateId(generation, random.nextInt(9)), random.nextInt(4)),
              outcome(random));
      case 2 ->
          new SearchEvent.Sealed(
              generation, List.of(new CandidateId(generation, 3), new CandidateId(1, 0)));
      default ->
          new SearchEvent.Failed(
              pick(random, List.of(FailureReason.values())), "why \"so\"\n" + random.nextInt());
    };
  }

  private static TrialOutcome outcome(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new TrialOutcome.Diverged();
      case 1 -> new TrialOutcome.Rejected();
      case 2 -> new TrialOutcome.Lost("Infrastructure: disrupted: Evicted ü \u2028");
      case 3 -> new TrialOutcome.Skipped();
      default -> new TrialOutcome.Scored(random.nextDouble());
    };
  }

  private static Funnel funnel(Random random) {
    var rejected = new EnumMap<Gate, Integer>(Gate.class);
    for (Gate gate : Gate.values()) {
      if (random.nextBoolean()) {
        rejected.put(gate, random.nextInt(1000));
      }
    }
    return new Funnel(random.nextInt(9999), random.nextInt(99), rejected, 4, 4);
  }

  private static Optional<Expression> tree(Random random, Branch branch) {
    return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(node(random, branch, 5));
  }

  private static Expression node(Random random, Branch branch, int depth) {
    int kind = depth == 0 ? random.nextInt(2) : random.nextInt(4);
    return switch (kind) {
      case 0 ->
          new Expression.Input(branch.variables().get(random.nextInt(branch.variables().size())));
      case 1 -> new Expression.Constant(random.nextBoolean() ? 2 : random.nextDouble());
      case 2 ->
          new Expression.Unary(
              pick(
                  random,
                  List.of(UnaryOperator.values()).stream()
                      .filter(operator -> operator.allowedIn(branch))
                      .toList()),
              node(random, branch, depth - 1));
      default ->
          new Expression.Binary(
              pick(
                  random,
                  List.of(BinaryOperator.values()).stream()
                      .filter(operator -> operator.allowedIn(branch))
                      .toList()),
              node(random, branch, depth - 1),
              node(random, branch, depth - 1));
    };
  }

  private static <T> T pick(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @Test
  void linesThatAreNoEventSayWhy() {
    var codec = new EventCodec(BRANCH);
    for (String line :
        List.of(
            "",
            "{",
            "{}",
            "[]",
            "{\"event\":\"Won\"}",
            "{\"event\":\"Recorded\",\"trial\":\"x\",\"outcome\":\"Scored\",\"ap\":0.5}",
            "{\"event\":\"Recorded\",\"trial\":\"g1-c1-p0\",\"outcome\":\"Scored\"}",
            "{\"event\":\"Recorded\",\"trial\":\"g1-c1-p0\",\"outcome\":\"Scored\",\"ap\":7}",
            "{\"event\":\"Recorded\",\"trial\":\"g1-c1-p0\",\"outcome\":\"Won\"}",
            "{\"event\":\"Failed\",\"reason\":\"BAD_LUCK\",\"message\":\"\"}",
            "{\"event\":\"Sealed\",\"survivors\":[]}")) {
      assertThrows(IllegalArgumentException.class, () -> codec.read(line), line);
    }
  }

  /** A chain as the API server would hold it: read back from JSON. */
  private List<ControllerRevision> chain() throws DamagedLedgerException {
    var revisions = new ArrayList<ControllerRevision>();
    Ledger ledger = Ledger.EMPTY;
    for (List<SearchEvent> events : story()) {
      for (ControllerRevision revision :
          ledger.following(search, BRANCH, events, LedgerTest::run)) {
        ControllerRevision stored = stored(revision);
        revisions.add(stored);
        ledger = ledger.then(search, BRANCH, stored);
      }
    }
    return revisions;
  }

  private static Optional<TrialRun> run(TrialId trial) {
    return trial.candidate().generation() == 0 ? Optional.of(RUN) : Optional.empty();
  }

  private static ControllerRevision stored(ControllerRevision revision) {
    ControllerRevision copy =
        Serialization.unmarshal(Serialization.asJson(revision), ControllerRevision.class);
    copy.getMetadata().setUid("uid-" + copy.getMetadata().getName());
    copy.getMetadata().setResourceVersion("1");
    return copy;
  }

  private static List<List<SearchEvent>> story() {
    var empty = new LossPair(Optional.empty(), Optional.empty());
    var loss = new Expression.Constant(1);
    var baseline = new CandidateId(0, 0);
    var first = new CandidateId(1, 0);
    var funnel = new Funnel(10, 1, Map.of(Gate.FINITE, 3), 1, 1);
    return List.of(
        List.of(
            new SearchEvent.Proposed(
                0, List.of(new Candidate(baseline, Origin.BASELINE, List.of(), empty)), funnel),
            new SearchEvent.Proposed(
                1,
                List.of(
                    new Candidate(
                        first,
                        Origin.RANDOM,
                        List.of(),
                        new LossPair(Optional.empty(), Optional.of(loss)))),
                funnel)),
        List.of(new SearchEvent.Recorded(TrialId.proxy(baseline, 0), new TrialOutcome.Scored(0.5))),
        List.of(
            new SearchEvent.Recorded(TrialId.proxy(first, 0), new TrialOutcome.Scored(0.25)),
            new SearchEvent.Sealed(0, List.of(baseline)),
            new SearchEvent.Sealed(1, List.of(first))));
  }

  @Test
  void theChainFoldsToTheEventsInAnyOrderOfReading() throws DamagedLedgerException {
    List<ControllerRevision> revisions = chain();
    SearchState expected = SearchState.empty();
    for (SearchEvent event : story().stream().flatMap(List::stream).toList()) {
      expected = expected.apply(event);
    }
    var shuffled = new ArrayList<>(revisions);
    Collections.shuffle(shuffled, new Random(1));
    Ledger ledger = Ledger.read(search, BRANCH, shuffled, Ledger.EMPTY);
    assertEquals(expected, ledger.state());
    assertEquals(Map.of(TrialId.parse("g0-c0-p0"), RUN), ledger.runs());
    assertEquals(6, ledger.events());
    assertEquals(3, ledger.head().orElseThrow().segments());
    assertEquals(
        story().stream().flatMap(List::stream).toList(), Ledger.events(search, BRANCH, shuffled));
  }

  @Test
  void goingOnFromAnEarlierReadingIsTheSame() throws DamagedLedgerException {
    List<ControllerRevision> revisions = chain();
    Ledger whole = Ledger.read(search, BRANCH, revisions, Ledger.EMPTY);
    for (int i = 0; i <= revisions.size(); i++) {
      Ledger part = Ledger.read(search, BRANCH, revisions.subList(0, i), Ledger.EMPTY);
      assertEquals(whole, Ledger.read(search, BRANCH, revisions, part));
    }
  }

  @Test
  void everyDamageIsFound() throws Exception {
    List<ControllerRevision> whole = chain();
    LedgerHead head = Ledger.read(search, BRANCH, whole, Ledger.EMPTY).head().orElseThrow();
    for (int i = 0; i < whole.size(); i++) {
      int index = i;
      damaged(head, whole, index, "missing", list -> list.remove(index));
      for (String field : List.of("version", "index", "previous", "digest", "events")) {
        damaged(head, whole, index, field + " gone", list -> change(list, index, field, null));
        damaged(head, whole, index, field + " other", list -> change(list, index, field, "x"));
      }
      damaged(head, whole, index, "index of another", list -> change(list, index, "index", 9));
      damaged(
          head,
          whole,
          index,
          "events of another",
          list ->
              change(
                  list,
                  index,
                  "events",
                  data(whole.get((index + 1) % whole.size())).get("events")));
      damaged(
          head,
          whole,
          index,
          "events cut",
          list -> {
            String events = (String) data(list.get(index)).get("events");
            change(list, index, "events", events.substring(0, events.length() / 2));
          });
      damaged(
          head,
          whole,
          index,
          "no owner",
          list ->
              list.set(
                  index,
                  new ControllerRevisionBuilder(list.get(index))
                      .editMetadata()
                      .withOwnerReferences(List.of())
                      .endMetadata()
                      .build()));
      damaged(
          head,
          whole,
          index,
          "rewritten from here",
          list -> {
            Segment old = Revisions.read(list.get(index));
            Segment other =
                Segment.of(
                    search.getMetadata().getUid(),
                    index + 1,
                    old.previous(),
                    List.of("{\"event\":\"Sealed\",\"generation\":7,\"survivors\":[]}"));
            list.set(index, stored(Revisions.write(search, other)));
          });
    }
    damaged(head, whole, 0, "twice", list -> list.add(list.getFirst()));
    damaged(head, whole, 0, "all gone", List::clear);
  }

  private interface Damage {
    void to(List<ControllerRevision> list) throws DamagedLedgerException;
  }

  private void damaged(
      LedgerHead head, List<ControllerRevision> whole, int index, String what, Damage damage)
      throws Exception {
    var list = new ArrayList<>(whole);
    damage.to(list);
    Optional<String> line;
    try {
      line = Ledger.read(search, BRANCH, list, Ledger.EMPTY).contradiction(Optional.of(head));
    } catch (DamagedLedgerException found) {
      line = Optional.of(found.line());
    }
    assertTrue(line.isPresent(), "segment " + (index + 1) + " " + what + ": not found");
    assertEquals(1, line.get().lines().count(), line.get());
  }

  private static void change(List<ControllerRevision> list, int index, String field, Object value) {
    var data = new LinkedHashMap<>(data(list.get(index)));
    if (value == null) {
      data.remove(field);
    } else {
      data.put(field, value);
    }
    list.set(index, new ControllerRevisionBuilder(list.get(index)).withData(data).build());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> data(ControllerRevision revision) {
    return new ObjectMapper().convertValue(revision.getData(), Map.class);
  }

  @Test
  void aSegmentOfAnotherSearchDoesNotFit() throws DamagedLedgerException {
    LossSearch other = Samples.search("quickstart", 2, 3, 2);
    other.getMetadata().setUid("5ea2c400-ffff-0000-0000-000000000002");
    List<ControllerRevision> foreign = chain();
    foreign.forEach(
        revision ->
            revision
                .getMetadata()
                .getOwnerReferences()
                .getFirst()
                .setUid(other.getMetadata().getUid()));
    assertThrows(
        DamagedLedgerException.class, () -> Ledger.read(other, BRANCH, foreign, Ledger.EMPTY));
  }

  @Test
  void manyEventsAreSplitIntoBoundedSegments() throws DamagedLedgerException {
    var random = new Random(3);
    var baseline = new CandidateId(0, 0);
    var events = new ArrayList<SearchEvent>();
    for (int i = 0; i < 6000; i++) {
      var noise = new StringBuilder();
      random.ints(300, ' ', 0xd000).forEach(noise::appendCodePoint);
      events.add(
          new SearchEvent.Recorded(
              TrialId.proxy(baseline, i), new TrialOutcome.Lost(noise.toString())));
    }
    List<ControllerRevision> segments =
        Ledger.EMPTY.following(search, BRANCH, events, _ -> Optional.empty());
    assertTrue(segments.size() > 4, segments.size() + " segments");
    for (ControllerRevision segment : segments) {
      int bytes = Serialization.asJson(segment).length();
      assertTrue(bytes < 1_500_000, bytes + " bytes");
    }
  }

  @Test
  void aSmallGenerationIsASmallSegment() throws DamagedLedgerException {
    for (ControllerRevision segment : chain()) {
      int bytes = Serialization.asJson(segment).length();
      assertTrue(bytes < 2000, bytes + " bytes");
      assertTrue(segment.getMetadata().getName().matches("quickstart-5ea2c4-l[1-3]"));
    }
  }
}
