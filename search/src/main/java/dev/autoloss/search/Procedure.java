package dev.autoloss.search;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How candidates climb from the gates to a verdict.
 *
 * @param simulated most candidates of a generation that enter the simulation; empty for none
 * @param racing share of a generation's candidates that gets each further replicate, above 0; 1
 *     trains all of them equally often
 * @param controls what is trained beside the default pair
 * @param finals the last rung; empty for none
 * @param noImprovement generations without a better candidate after which no other is proposed; 0
 *     for never
 * @param calibration weights of the searched branches; empty for 1
 */
public record Procedure(
    OptionalInt simulated,
    double racing,
    List<Control> controls,
    Optional<Finals> finals,
    int noImprovement,
    Optional<Calibration> calibration) {
  /** Gates, then all candidates at one stage, equally often. */
  public static final Procedure PLAIN =
      new Procedure(OptionalInt.empty(), 1, List.of(), Optional.empty(), 0, Optional.empty());

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range or two controls share a name
   */
  public Procedure {
    simulated.ifPresent(most -> Numbers.between("evolution.simulated", most, 1, CandidateId.MOST));
    if (!(racing > 0 && racing <= 1)) {
      throw new IllegalArgumentException(
          "evolution.racing: expected a number above 0 and at most 1, found " + racing);
    }
    Numbers.atLeast("stop.noImprovementGenerations", noImprovement, 0);
    controls = List.copyOf(controls);
    if (controls.stream().map(Control::name).distinct().count() < controls.size()) {
      throw new IllegalArgumentException("controls: expected each once");
    }
  }
}
