package dev.autoloss.operator.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.FailureReason;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Origin;
import dev.autoloss.search.Scaling;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.Stage;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Events of a search as lines of JSON; expressions in their stored form. */
final class EventCodec {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Branch classification;

  /** Expressions are read as losses of this branch, or of regression. */
  EventCodec(Branch classification) {
    this.classification = classification;
  }

  /**
   * A line of the ledger.
   *
   * @param event what was decided or seen
   * @param run how the trial was run, if the event is its outcome; older ledgers have none
   */
  record Entry(SearchEvent event, Optional<TrialRun> run) {}

  String write(Entry entry) {
    ObjectNode node = node(entry.event());
    entry.run().ifPresent(run -> run(node, run));
    return node.toString();
  }

  private static void run(ObjectNode line, TrialRun run) {
    ObjectNode node = line.putObject("run");
    run.seconds().ifPresent(seconds -> node.put("seconds", seconds));
    node.put("wasted", run.wasted());
    run.image().ifPresent(image -> node.put("image", image));
    run.data().ifPresent(data -> node.put("data", data));
  }

  private ObjectNode node(SearchEvent event) {
    return switch (event) {
      case SearchEvent.Proposed proposed -> proposed(proposed);
      case SearchEvent.Recorded recorded -> recorded(recorded);
      case SearchEvent.Promoted promoted -> {
        ObjectNode line =
            line("Promoted")
                .put("generation", promoted.generation())
                .put("replicates", promoted.replicates());
        yield ids(line, "candidates", promoted.candidates());
      }
      case SearchEvent.Sealed sealed ->
          ids(
              line("Sealed").put("generation", sealed.generation()),
              "survivors",
              sealed.survivors());
      case SearchEvent.Chosen chosen ->
          ids(
              line("Chosen").put("stage", chosen.stage().name()),
              "candidates",
              chosen.candidates());
      case SearchEvent.Failed failed ->
          line("Failed").put("reason", failed.reason().name()).put("message", failed.message());
    };
  }

  private static ObjectNode line(String event) {
    return MAPPER.createObjectNode().put("event", event);
  }

  private static ObjectNode proposed(SearchEvent.Proposed proposed) {
    ObjectNode line = line("Proposed").put("generation", proposed.generation());
    Funnel funnel = proposed.funnel();
    ObjectNode counts =
        line.putObject("funnel")
            .put("generated", funnel.generated())
            .put("duplicates", funnel.duplicates())
            .put("accepted", funnel.accepted())
            .put("trained", funnel.trained());
    ObjectNode rejected = counts.putObject("rejected");
    funnel.rejected().forEach((gate, count) -> rejected.put(gate.name(), count));
    ArrayNode candidates = line.putArray("candidates");
    proposed.candidates().forEach(candidate -> candidate(candidates.addObject(), candidate));
    return line;
  }

  /** Factors of 1 are left out, as they were before there were any. */
  private static void candidate(ObjectNode one, Candidate candidate) {
    one.put("id", candidate.id().toString()).put("origin", candidate.origin().name());
    ids(one, "parents", candidate.parents());
    LossPair losses = candidate.losses();
    losses.classification().ifPresent(loss -> one.put("classification", Printer.prefix(loss)));
    losses.regression().ifPresent(loss -> one.put("regression", Printer.prefix(loss)));
    candidate.control().ifPresent(name -> one.put("control", name));
    Scaling scaling = candidate.scaling();
    if (!scaling.equals(Scaling.NONE)) {
      one.putObject("scaling")
          .put("classification", scaling.classification())
          .put("regression", scaling.regression())
          .put("learningRate", scaling.learningRate());
    }
  }

  private static ObjectNode ids(ObjectNode node, String field, List<CandidateId> ids) {
    ArrayNode array = node.putArray(field);
    ids.forEach(id -> array.add(id.toString()));
    return node;
  }

  private static ObjectNode recorded(SearchEvent.Recorded recorded) {
    ObjectNode line = line("Recorded").put("trial", recorded.trial().toString());
    return switch (recorded.outcome()) {
      case TrialOutcome.Scored scored -> line.put("outcome", "Scored").put("ap", scored.ap());
      case TrialOutcome.Diverged ignored -> line.put("outcome", "Diverged");
      case TrialOutcome.Rejected ignored -> line.put("outcome", "Rejected");
      case TrialOutcome.Lost lost -> line.put("outcome", "Lost").put("reason", lost.reason());
      case TrialOutcome.Skipped ignored -> line.put("outcome", "Skipped");
    };
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is no event that this operator knows
   */
  Entry read(String text) {
    JsonNode line;
    try {
      line = MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(broken.getOriginalMessage(), broken);
    }
    return new Entry(
        readEvent(line),
        line.has("run") ? Optional.of(readRun(line.path("run"))) : Optional.empty());
  }

  private static TrialRun readRun(JsonNode run) {
    return new TrialRun(
        run.has("seconds") ? OptionalDouble.of(real(run, "seconds")) : OptionalDouble.empty(),
        real(run, "wasted"),
        run.has("image") ? Optional.of(text(run, "image")) : Optional.empty(),
        run.has("data") ? Optional.of(text(run, "data")) : Optional.empty());
  }

  private SearchEvent readEvent(JsonNode line) {
    String event = text(line, "event");
    return switch (event) {
      case "Proposed" -> readProposed(line);
      case "Recorded" ->
          new SearchEvent.Recorded(TrialId.parse(text(line, "trial")), readOutcome(line));
      case "Promoted" ->
          new SearchEvent.Promoted(
              number(line, "generation"), ids(line, "candidates"), number(line, "replicates"));
      case "Chosen" ->
          new SearchEvent.Chosen(Stage.valueOf(text(line, "stage")), ids(line, "candidates"));
      case "Sealed" -> new SearchEvent.Sealed(number(line, "generation"), ids(line, "survivors"));
      case "Failed" ->
          new SearchEvent.Failed(
              FailureReason.valueOf(text(line, "reason")), text(line, "message"));
      default -> throw new IllegalArgumentException("unknown event " + event);
    };
  }

  private SearchEvent readProposed(JsonNode line) {
    JsonNode counts = line.path("funnel");
    var rejected = new EnumMap<Gate, Integer>(Gate.class);
    counts
        .path("rejected")
        .properties()
        .forEach(entry -> rejected.put(Gate.valueOf(entry.getKey()), entry.getValue().intValue()));
    var funnel =
        new Funnel(
            number(counts, "generated"),
            number(counts, "duplicates"),
            rejected,
            number(counts, "accepted"),
            number(counts, "trained"));
    var candidates = new ArrayList<Candidate>();
    for (JsonNode one : line.path("candidates")) {
      candidates.add(readCandidate(one));
    }
    return new SearchEvent.Proposed(number(line, "generation"), candidates, funnel);
  }

  private Candidate readCandidate(JsonNode one) {
    return new Candidate(
        CandidateId.parse(text(one, "id")),
        Origin.valueOf(text(one, "origin")),
        ids(one, "parents"),
        new LossPair(
            loss(one, "classification", classification),
            loss(one, "regression", Branch.REGRESSION)),
        one.has("scaling") ? readScaling(one.path("scaling")) : Scaling.NONE,
        one.has("control") ? Optional.of(text(one, "control")) : Optional.empty());
  }

  private static Scaling readScaling(JsonNode node) {
    return new Scaling(
        real(node, "classification"), real(node, "regression"), real(node, "learningRate"));
  }

  private static Optional<Expression> loss(JsonNode node, String field, Branch branch) {
    return node.has(field)
        ? Optional.of(ExpressionParser.parse(text(node, field), branch))
        : Optional.empty();
  }

  private static TrialOutcome readOutcome(JsonNode line) {
    String outcome = text(line, "outcome");
    return switch (outcome) {
      case "Scored" -> new TrialOutcome.Scored(real(line, "ap"));
      case "Diverged" -> new TrialOutcome.Diverged();
      case "Rejected" -> new TrialOutcome.Rejected();
      case "Lost" -> new TrialOutcome.Lost(text(line, "reason"));
      case "Skipped" -> new TrialOutcome.Skipped();
      default -> throw new IllegalArgumentException("unknown outcome " + outcome);
    };
  }

  private static List<CandidateId> ids(JsonNode node, String field) {
    var ids = new ArrayList<CandidateId>();
    node.path(field).forEach(id -> ids.add(CandidateId.parse(id.asText())));
    return List.copyOf(ids);
  }

  private static String text(JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw new IllegalArgumentException(field + ": expected a text");
    }
    return node.path(field).textValue();
  }

  private static double real(JsonNode node, String field) {
    if (!node.path(field).isNumber()) {
      throw new IllegalArgumentException(field + ": expected a number");
    }
    return node.path(field).doubleValue();
  }

  private static int number(JsonNode node, String field) {
    if (!node.path(field).isInt()) {
      throw new IllegalArgumentException(field + ": expected an integer");
    }
    return node.path(field).intValue();
  }
}
