package dev.autoloss.operator.losssearch;

import dev.autoloss.api.RungCorrelation;
import dev.autoloss.api.Score;
import dev.autoloss.api.VerdictStatus;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Origin;
import dev.autoloss.search.Rungs;
import dev.autoloss.search.SearchSpec;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Stage;
import dev.autoloss.search.Summary;
import dev.autoloss.search.evidence.Comparison;
import dev.autoloss.search.evidence.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Scores, their verdict and how far the rungs agree, as the status shows them. */
final class ScoreProjection {
  private static final int MOST_BEST = 5;

  private final SearchSpec spec;
  private final SearchState state;
  private final List<CandidateId> ranking;

  ScoreProjection(SearchSpec spec, SearchState state) {
    this.spec = spec;
    this.state = state;
    this.ranking = state.ranking();
  }

  List<Score> best() {
    return scores(ranking.stream().filter(id -> id.generation() > 0).limit(MOST_BEST), Stage.PROXY);
  }

  @Nullable Score baseline() {
    return state.baseline().flatMap(id -> score(id, Stage.PROXY)).orElse(null);
  }

  /** Null where there is none, so that a plain search's status has no such field. */
  @Nullable List<Score> controls() {
    List<Score> controls =
        scores(
            ranking.stream().filter(id -> state.candidate(id).origin() == Origin.CONTROL),
            Stage.PROXY);
    return controls.isEmpty() ? null : controls;
  }

  @Nullable List<Score> finals() {
    List<Score> finals =
        scores(state.chosen(Stage.FINAL).stream(), Stage.FINAL).stream()
            .sorted(Comparator.comparingDouble(Score::meanAP).reversed())
            .toList();
    return finals.isEmpty() ? null : finals;
  }

  private List<Score> scores(Stream<CandidateId> ids, Stage stage) {
    return ids.map(id -> score(id, stage)).flatMap(Optional::stream).toList();
  }

  private Optional<Score> score(CandidateId id, Stage stage) {
    return state.summary(id, stage).map(summary -> score(state.candidate(id), summary));
  }

  private static Score score(Candidate candidate, Summary summary) {
    boolean collapsed = summary.collapsed() > 0;
    return new Score(
        candidate.id().toString(),
        candidate.losses().classification().map(Printer::prefix).orElse(null),
        candidate.losses().regression().map(Printer::prefix).orElse(null),
        summary.meanAp(),
        boxed(summary.spread()),
        summary.scored(),
        candidate.origin() == Origin.BASELINE ? null : summary.difference(),
        collapsed ? summary.collapsed() : null,
        collapsed ? boxed(summary.meanOfOthers()) : null,
        candidate.control().orElse(null));
  }

  private static @Nullable Double boxed(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  @Nullable List<RungCorrelation> correlations() {
    List<RungCorrelation> found =
        new Rungs(state)
            .agreements().stream()
                .map(
                    one ->
                        new RungCorrelation(
                            Conditions.camelCase(one.from()),
                            Conditions.camelCase(one.to()),
                            one.correlation().spearman(),
                            one.correlation().n()))
                .toList();
    return found.isEmpty() ? null : found;
  }

  @Nullable VerdictStatus verdict() {
    return new Rungs(state).verdict(spec).map(this::verdict).orElse(null);
  }

  private VerdictStatus verdict(Verdict verdict) {
    Optional<Comparison> comparison = verdict.comparison();
    return new VerdictStatus(
        switch (verdict) {
          case Verdict.Confirmed _ -> "Confirmed";
          case Verdict.NotConfirmed _ -> "NotConfirmed";
          case Verdict.Unconfirmed _ -> "Unconfirmed";
        },
        VerdictText.of(verdict, this::name),
        comparison.map(Comparison::finalist).orElse(null),
        comparison.map(Comparison::control).map(this::name).orElse(null),
        comparison.map(Comparison::gain).orElse(null),
        comparison.map(one -> one.interval().low()).orElse(null),
        comparison.map(one -> one.interval().high()).orElse(null),
        comparison.map(Comparison::n).orElse(null));
  }

  private String name(String candidate) {
    Candidate found = state.candidate(CandidateId.parse(candidate));
    return found.origin() == Origin.BASELINE
        ? "the default pair"
        : found.control().orElse(candidate);
  }
}
