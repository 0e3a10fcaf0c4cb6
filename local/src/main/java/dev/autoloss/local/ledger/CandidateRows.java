package dev.autoloss.local.ledger;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.TrialResult;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.losssearch.InvalidSpecException;
import dev.autoloss.operator.losssearch.SearchSpecs;
import dev.autoloss.operator.resource.ChildNames;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.SearchSpec;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Stage;
import dev.autoloss.search.Trial;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of a search. Decisions and AP are the ledger's; what the ledger does not hold is
 * taken from trainings that are still there.
 */
public final class CandidateRows {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SearchRecord record;
  private final SearchState state;
  private final Map<String, Measured> measured = new HashMap<>();

  /** What the ledger does not hold of a training. */
  private record Measured(
      @Nullable Double ap50, @Nullable Double seconds, @Nullable String message) {
    static final Measured NOTHING = new Measured(null, null, null);
  }

  private CandidateRows(SearchRecord record, SearchState state) {
    this.record = record;
    this.state = state;
    for (DetectorTraining training : record.trainings()) {
      DetectorTrainingStatus status = training.getStatus();
      if (status != null && Ownership.controls(record.search(), training)) {
        Ownership.annotation(training, Labels.TRIAL)
            .ifPresent(
                trial ->
                    measured.put(
                        trial,
                        new Measured(ap50(status.metrics()), status.seconds(), status.message())));
      }
    }
  }

  /**
   * Makes the rows.
   *
   * @param record the search
   * @return a row for each candidate that was proposed, in the order of their ids
   * @throws DamagedLedgerException if a segment is missing, foreign or changed
   * @throws InvalidSpecException if the search is none
   * @throws IOException if the folder of the trainings can't be read
   */
  public static List<CandidateRow> of(SearchRecord record)
      throws DamagedLedgerException, InvalidSpecException, IOException {
    SearchSpec spec = SearchSpecs.of(Ledger.begun(record.search(), record.segments()));
    Ledger ledger =
        Ledger.read(record.search(), spec.classification(), record.segments(), Ledger.EMPTY);
    Optional<String> missing =
        ledger.contradiction(
            Optional.ofNullable(record.search().getStatus()).map(LossSearchStatus::ledger));
    if (missing.isPresent()) {
      throw new DamagedLedgerException(missing.get());
    }
    var rows = new CandidateRows(record, ledger.state());
    var trials = new TreeMap<String, List<TrialRow>>();
    for (Trial trial : ledger.state().trials(spec)) {
      trials
          .computeIfAbsent(trial.id().candidate().toString(), _ -> new ArrayList<>())
          .add(rows.trial(trial));
    }
    return ledger.state().candidates().values().stream()
        .map(one -> rows.candidate(one, trials.getOrDefault(one.id().toString(), List.of())))
        .toList();
  }

  private TrialRow trial(Trial trial) throws IOException {
    TrialId id = trial.id();
    Optional<TrialOutcome> outcome = state.outcome(id);
    Measured known = measured.get(id.toString());
    if (known == null) {
      known = onDisk(id);
    }
    boolean scored = outcome.filter(TrialOutcome.Scored.class::isInstance).isPresent();
    @Nullable String failure =
        outcome.isEmpty() || scored
            ? null
            : outcome.get() instanceof TrialOutcome.Lost(String reason) ? reason : known.message();
    return new TrialRow(
        id.toString(),
        Conditions.camelCase(id.stage()),
        id.replicate(),
        trial.seed(),
        outcome.map(CandidateRows::name).orElse(null),
        outcome.isPresent() && outcome.get() instanceof TrialOutcome.Scored(double ap)
            ? (Double) ap
            : null,
        scored ? known.ap50() : null,
        outcome.isPresent() ? known.seconds() : null,
        failure);
  }

  private static String name(TrialOutcome outcome) {
    return switch (outcome) {
      case TrialOutcome.Scored _ -> "Scored";
      case TrialOutcome.Diverged _ -> "Diverged";
      case TrialOutcome.Rejected _ -> "Rejected";
      case TrialOutcome.Lost _ -> "Lost";
      case TrialOutcome.Skipped _ -> "Skipped";
    };
  }

  private Measured onDisk(TrialId id) throws IOException {
    Optional<Path> file =
        record
            .trials()
            .map(trials -> trials.resolve(ChildNames.of(record.search(), id.toString())))
            .map(folder -> folder.resolve("result.json"))
            .filter(Files::isRegularFile);
    if (file.isEmpty()) {
      return Measured.NOTHING;
    }
    try {
      TrialResult result = MAPPER.readValue(file.get().toFile(), TrialResult.class);
      return new Measured(ap50(result.metrics()), result.seconds(), result.message());
    } catch (JacksonException damaged) {
      return Measured.NOTHING;
    }
  }

  private static @Nullable Double ap50(@Nullable Metrics metrics) {
    return metrics == null ? null : (Double) metrics.ap50();
  }

  private CandidateRow candidate(Candidate candidate, List<TrialRow> trials) {
    @Nullable String stage = trials.isEmpty() ? null : trials.getLast().stage();
    List<TrialRow> last = trials.stream().filter(trial -> trial.stage().equals(stage)).toList();
    List<TrialRow> scored = last.stream().filter(trial -> trial.ap() != null).toList();
    return new CandidateRow(
        candidate.id().generation(),
        candidate.id().slot(),
        candidate.id().toString(),
        Conditions.camelCase(candidate.origin()),
        candidate.control().orElse(null),
        candidate.parents().stream().map(Object::toString).toList(),
        candidate.losses().classification().map(Printer::prefix).orElse(null),
        candidate.losses().regression().map(Printer::prefix).orElse(null),
        candidate.scaling().classification(),
        candidate.scaling().regression(),
        candidate.scaling().learningRate(),
        verdict(candidate, last),
        stage,
        mean(scored, TrialRow::ap),
        mean(scored, TrialRow::ap50),
        trials.stream().map(TrialRow::seconds).filter(Objects::nonNull).mapToDouble(s -> s).sum(),
        last.stream().map(TrialRow::failure).filter(Objects::nonNull).findFirst().orElse(null),
        trials);
  }

  private String verdict(Candidate candidate, List<TrialRow> last) {
    if (state.chosen(Stage.TEST).contains(candidate.id())) {
      return "Tested";
    }
    if (state.chosen(Stage.FINAL).contains(candidate.id())) {
      return "Finalist";
    }
    if (state.survivors().values().stream().anyMatch(list -> list.contains(candidate.id()))) {
      return "Survivor";
    }
    List<String> outcomes = last.stream().map(TrialRow::outcome).filter(Objects::nonNull).toList();
    if (outcomes.size() < Math.max(1, last.size())) {
      return "Unfinished";
    }
    // One that fails with any seed has failed.
    return outcomes.stream()
        .filter(outcome -> !outcome.equals("Scored"))
        .findFirst()
        .orElse("Scored");
  }

  /** Null if it is not known of all. */
  private static @Nullable Double mean(
      List<TrialRow> trials, Function<TrialRow, @Nullable Double> value) {
    List<Double> known = trials.stream().map(value).filter(Objects::nonNull).toList();
    OptionalDouble mean = known.stream().mapToDouble(Double::doubleValue).average();
    return mean.isEmpty() || known.size() < trials.size() ? null : (Double) mean.getAsDouble();
  }
}
