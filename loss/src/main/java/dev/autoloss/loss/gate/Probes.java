package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Numerics;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import java.util.ArrayList;
import java.util.List;

/**
 * Points over the whole range that a detector produces: where values and gradients must be finite.
 *
 * @param inputs the points
 * @param descriptions one a row, for people
 */
record Probes(Inputs inputs, List<String> descriptions) {
  /** Logits reach from −{@value} to {@value}. */
  static final double LOGITS = 8;

  /** The detectors clamp overlaps from below with this. */
  static final double LEAST_OVERLAP = Numerics.LEAST_OVERLAP;

  private static final double[] OVERLAPS = {LEAST_OVERLAP, 0.5, 1};

  /** Sides of the ground truth: strides, pixels of small, medium and large objects. */
  private static final double[] SIDES = {0.5, 8, 64, 512};

  private static final double[] SHIFTS = {0, 0.1, 0.5, 0.95, 1, 1.5, 20};
  private static final double[] SCALES = {0, 0.5, 1, 2};

  static Probes of(Branch branch) {
    return branch.classification() ? samples(branch) : boxes();
  }

  private static Probes samples(Branch branch) {
    List<Sample> samples = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    for (double x = -LOGITS; x <= LOGITS; x++) {
      for (double other : new double[] {0, -x}) {
        for (double overlap : OVERLAPS) {
          samples.add(Sample.positive(0, overlap, x, other, 0));
          descriptions.add(
              "a positive with logit %s and overlap %s"
                  .formatted(Numbers.text(x), Numbers.text(overlap)));
        }
        samples.add(Sample.negative(x, other, 0));
        descriptions.add("a negative with logit " + Numbers.text(x));
      }
    }
    return new Probes(Sample.inputs(branch, samples), List.copyOf(descriptions));
  }

  private static Probes boxes() {
    List<BoxPair> pairs = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    for (double side : SIDES) {
      for (double scale : SCALES) {
        for (double shift : SHIFTS) {
          pairs.add(
              new BoxPair(
                  Box.around(shift * side, shift * side / 4, scale * side, scale * side),
                  Box.around(0, 0, side, side)));
          descriptions.add(
              "a predicted box of side %s and a ground truth of side %s, shifted by %s of it"
                  .formatted(Numbers.text(scale * side), Numbers.text(side), Numbers.text(shift)));
        }
      }
    }
    return new Probes(BoxPair.inputs(pairs), List.copyOf(descriptions));
  }
}
