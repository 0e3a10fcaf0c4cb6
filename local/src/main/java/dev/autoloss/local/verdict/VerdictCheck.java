package dev.autoloss.local.verdict;

import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.Split;
import dev.autoloss.api.verdict.VerdictArm;
import dev.autoloss.api.verdict.VerdictComparison;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.api.verdict.VerdictResult;
import dev.autoloss.api.verdict.VerdictScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks whether a verdict file agrees with itself: hashes, equal conditions, statistics. */
public final class VerdictCheck {
  /** Statistics that differ by less are the same, computed on another machine. */
  private static final double ROUNDING = 1e-9;

  private static final Set<Split> CHOSEN_BY = Set.of(Split.TRAIN, Split.VALIDATION);

  private final VerdictFile file;
  private final List<String> contradictions = new ArrayList<>();

  private VerdictCheck(VerdictFile file) {
    this.file = file;
  }

  /**
   * Checks a file.
   *
   * @param file a verdict file
   * @return one line for each field that contradicts the others; empty if none does
   */
  public static List<String> contradictions(VerdictFile file) {
    var check = new VerdictCheck(file);
    check.arms("finalists", file.finalists());
    check.arms("controls", file.controls());
    check.verdict();
    return List.copyOf(check.contradictions);
  }

  private void arms(String list, List<VerdictArm> arms) {
    for (int i = 0; i < arms.size(); i++) {
      String place = list + "[" + i + "]";
      conditions(place + ".training", arms.get(i).training());
      scores(place, arms.get(i));
    }
  }

  /** All but the losses must be alike; a control may have another learning rate. */
  private void conditions(String place, DetectorTrainingSpec training) {
    Optional<DetectorTrainingSpec> first =
        file.finalists().stream().map(VerdictArm::training).findFirst();
    if (first.isPresent()) {
      DetectorTrainingSpec other = first.get();
      same(place + ".detector", training.detector(), other.detector());
      same(place + ".dataset", training.dataset(), other.dataset());
      same(place + ".evaluateOn", training.evaluateOn(), other.evaluateOn());
      double rate = place.startsWith("controls") ? other.schedule().learningRate() : 0;
      same(
          place + ".schedule",
          rate == 0 ? training.schedule() : training.schedule().withLearningRate(rate),
          other.schedule());
    }
    if (file.heldOut() == CHOSEN_BY.contains(training.evaluateOn())) {
      contradictions.add(
          place
              + ".evaluateOn: is "
              + training.evaluateOn()
              + ", but heldOut is "
              + file.heldOut());
    }
  }

  private void same(String place, Object one, Object other) {
    if (!one.equals(other)) {
      contradictions.add(place + ": is not that of the first finalist");
    }
  }

  private void scores(String place, VerdictArm arm) {
    @Nullable String data =
        file.finalists().stream()
            .flatMap(finalist -> finalist.scores().stream())
            .map(VerdictScore::dataDigest)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    for (int i = 0; i < arm.scores().size(); i++) {
      VerdictScore score = arm.scores().get(i);
      String field = place + ".scores[" + i + "]";
      String hash = SpecHash.of(arm.training(score.seed()));
      if (!score.specHash().equals(hash)) {
        contradictions.add(
            field
                + ".specHash: expected %s of training with seed %d, found %s"
                    .formatted(hash, score.seed(), score.specHash()));
      }
      if (score.dataDigest() != null && !score.dataDigest().equals(data)) {
        contradictions.add(field + ".dataDigest: is not that of the first finalist");
      }
    }
  }

  private void verdict() {
    VerdictResult computed = Verdicts.result(Verdicts.contest(file).verdict());
    VerdictResult written = file.verdict();
    differs("verdict.result", computed.result(), written.result());
    differs("verdict.reason", computed.reason(), written.reason());
    VerdictComparison is = computed.comparison();
    VerdictComparison says = written.comparison();
    if (is == null || says == null) {
      if (is != null || says != null) {
        contradictions.add(
            "verdict.comparison: the scores "
                + (is == null ? "allow none" : "allow one, it is missing"));
      }
      return;
    }
    differs("verdict.comparison.finalist", is.finalist(), says.finalist());
    differs("verdict.comparison.control", is.control(), says.control());
    differs("verdict.comparison.n", is.n(), says.n());
    near("verdict.comparison.gain", is.gain(), says.gain());
    near("verdict.comparison.sd", is.sd(), says.sd());
    near("verdict.comparison.low", is.low(), says.low());
    near("verdict.comparison.high", is.high(), says.high());
    near("verdict.comparison.confidence", is.confidence(), says.confidence());
    near("verdict.comparison.p", is.p(), says.p());
    near("verdict.comparison.signFlip", is.signFlip(), says.signFlip());
  }

  private void differs(String field, @Nullable Object computed, @Nullable Object written) {
    if (!Objects.equals(computed, written)) {
      contradictions.add(
          field + ": the scores give " + shown(computed) + ", found " + shown(written));
    }
  }

  private void near(String field, @Nullable Double computed, @Nullable Double written) {
    if (computed == null || written == null || Math.abs(computed - written) > ROUNDING) {
      differs(field, computed, written);
    }
  }

  private static Object shown(@Nullable Object value) {
    return value == null ? "none" : value;
  }
}
