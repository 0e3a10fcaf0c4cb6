package dev.autoloss.local.verdict;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.verdict.VerdictArm;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.api.verdict.VerdictScore;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.search.evidence.Contest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the verdict file of a search that has ended, from its trainings alone. */
public final class VerdictOfSearch {
  /** A candidate's training in the last rung or in the test; generation 0 holds the controls. */
  private static final Pattern TRIAL = Pattern.compile("(g(\\d+)-c\\d+)-([ft])\\d+");

  private final LossSearch search;
  private final List<DetectorTraining> trainings;
  private final boolean tested;

  private VerdictOfSearch(LossSearch search, List<DetectorTraining> trainings) {
    this.search = search;
    var spec = Objects.requireNonNull(search.getSpec(), "spec");
    this.tested = spec.dataset().test() != null;
    String stage = tested ? "t" : "f";
    this.trainings = trainings.stream().filter(one -> stage(one).equals(stage)).toList();
  }

  /**
   * Makes the file.
   *
   * @param search a search at its end
   * @param trainings its trainings; those of the test decide if the data set has one, else those of
   *     the finalists, which confirm nothing
   * @param version of this program
   * @return the file; empty if the search has no finalists
   */
  public static Optional<VerdictFile> of(
      LossSearch search, List<DetectorTraining> trainings, String version) {
    var of = new VerdictOfSearch(search, trainings);
    return of.trainings.isEmpty() ? Optional.empty() : Optional.of(of.file(version));
  }

  private static Optional<Matcher> trial(DetectorTraining training) {
    Matcher matcher =
        TRIAL.matcher(training.getMetadata().getAnnotations().getOrDefault(Labels.TRIAL, ""));
    return matcher.matches() ? Optional.of(matcher) : Optional.empty();
  }

  private static String stage(DetectorTraining training) {
    return trial(training).map(matcher -> matcher.group(3)).orElse("");
  }

  private static boolean control(DetectorTraining training) {
    return trial(training).map(matcher -> matcher.group(2)).orElse("").equals("0");
  }

  private VerdictFile file(String version) {
    LossSearchSpec spec = Objects.requireNonNull(search.getSpec(), "spec");
    LossSearchStatus status = search.getStatus();
    var ledger = status == null ? null : status.ledger();
    List<VerdictArm> finalists = arms(false);
    List<VerdictArm> controls = arms(true);
    Contest contest = Verdicts.contest(finalists, controls, tested, Contest.USUAL_LEVEL);
    return new VerdictFile(
        VerdictFile.FORMAT,
        version,
        search.getMetadata().getName(),
        spec.seed(),
        ledger == null ? null : ledger.digest(),
        first(DetectorTrainingStatus::image),
        first(DetectorTrainingStatus::device),
        tested,
        contest.level(),
        finalists,
        controls,
        Verdicts.result(contest.verdict()));
  }

  private @Nullable String first(Function<DetectorTrainingStatus, @Nullable String> field) {
    return trainings.stream()
        .flatMap(one -> Optional.ofNullable(one.getStatus()).map(field).stream())
        .findFirst()
        .orElse(null);
  }

  private List<VerdictArm> arms(boolean controls) {
    var byName = new TreeMap<String, List<DetectorTraining>>();
    for (DetectorTraining training : trainings) {
      if (control(training) == controls) {
        String name = trial(training).map(matcher -> matcher.group(1)).orElseThrow();
        byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(training);
      }
    }
    return byName.entrySet().stream()
        .map(
            entry ->
                new VerdictArm(
                    entry.getKey(),
                    spec(entry.getValue().getFirst()),
                    entry.getValue().stream()
                        .flatMap(VerdictOfSearch::score)
                        .sorted(Comparator.comparingLong(VerdictScore::seed))
                        .toList()))
        .toList();
  }

  private static DetectorTrainingSpec spec(DetectorTraining training) {
    return Objects.requireNonNull(training.getSpec(), "spec");
  }

  /** A training that was lost says nothing of its losses. */
  private static Stream<VerdictScore> score(DetectorTraining training) {
    DetectorTrainingStatus status = training.getStatus();
    Outcome outcome = status == null ? null : status.outcome();
    if (status == null || outcome == null || outcome == Outcome.LOST) {
      return Stream.empty();
    }
    Metrics metrics = status.metrics();
    @Nullable Double ap =
        outcome == Outcome.SCORED && metrics != null ? (Double) metrics.ap() : null;
    DetectorTrainingSpec spec = spec(training);
    return Stream.of(
        new VerdictScore(spec.seed(), SpecHash.of(spec), outcome, ap, status.dataDigest()));
  }
}
