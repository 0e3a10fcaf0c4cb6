package dev.autoloss.search;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a loss does to a training: its gradients at fixed points over the range that a detector
 * produces, to four digits. Losses of equal fingerprints train alike, whatever they look like; a
 * multiple of a loss does not, for it takes larger steps. The idea is that of Unified Functional
 * Hashing (Gillard et al., 2023), with gradients, for they are all that a training sees of a loss.
 */
final class Fingerprint {
  /** Gradients below this are 0: what is left of two terms that cancel each other. */
  private static final double NOTHING = 1e-9;

  /** Mantissa bits of a float that are rounded away. */
  private static final int ROUNDED = 9;

  private static final Inputs TWO_STAGE = Sample.inputs(Branch.TWO_STAGE, samples());
  private static final Inputs ONE_STAGE = Sample.inputs(Branch.ONE_STAGE, samples());
  private static final Inputs REGRESSION = BoxPair.inputs(boxes());

  private Fingerprint() {}

  private static List<Sample> samples() {
    var samples = new ArrayList<Sample>();
    for (double logit : new double[] {-6.1, -2.3, -0.7, 0.4, 1.9, 5.2}) {
      samples.add(Sample.negative(logit, 0.8, -1.3));
      for (double overlap : new double[] {0.3, 0.7, 1}) {
        samples.add(Sample.positive(0, overlap, logit, -0.6, 1.1));
      }
    }
    return samples;
  }

  /** Shifted apart until disjoint, and one inside the other, where enclosing box and union meet. */
  private static List<BoxPair> boxes() {
    var pairs = new ArrayList<BoxPair>();
    for (double side : new double[] {1.5, 8, 64, 320}) {
      Box truth = Box.around(0, 0, side, side);
      for (double scale : new double[] {0.5, 1.5}) {
        pairs.add(new BoxPair(Box.around(0, 0, scale * side, scale * side), truth));
        for (double shift : new double[] {0.05, 0.4, 0.8, 1.6}) {
          pairs.add(
              new BoxPair(Box.around(shift * side, shift * side / 3, scale * side, side), truth));
        }
      }
    }
    return pairs;
  }

  /** The fingerprint, two characters a gradient. */
  static String of(Expression loss, Branch branch) {
    Inputs points = points(branch);
    Evaluation evaluation = Evaluator.evaluate(loss, points);
    var digits = new StringBuilder();
    for (Variable variable : trained(branch)) {
      double[] slopes = evaluation.gradient(variable);
      double[] values = points.of(variable);
      for (int i = 0; i < slopes.length; i++) {
        // Boxes that are apart do not move with the area that they share.
        boolean apart = variable == Variable.I && values[i] == 0;
        int bits =
            apart || Math.abs(slopes[i]) < NOTHING ? 0 : Float.floatToIntBits((float) slopes[i]);
        int rounded = (bits + (1 << (ROUNDED - 1))) >> ROUNDED;
        digits.append((char) (rounded >>> Character.SIZE)).append((char) rounded);
      }
    }
    return digits.toString();
  }

  private static Inputs points(Branch branch) {
    return switch (branch) {
      case TWO_STAGE -> TWO_STAGE;
      case ONE_STAGE -> ONE_STAGE;
      case REGRESSION -> REGRESSION;
    };
  }

  /** Inputs through which a detector is trained; the others are detached. */
  private static List<Variable> trained(Branch branch) {
    return branch.classification()
        ? List.of(Variable.X)
        : List.of(Variable.I, Variable.U, Variable.E);
  }
}
