package dev.autoloss.search.screening;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a loss does to a training: its gradients at fixed points over the range that a detector
 * produces. Losses of equal fingerprints train alike, whatever they look like. A multiple of a loss
 * does not, for at a fixed learning rate it takes larger steps; so the shape of the gradients and
 * their scale are kept apart. The idea is that of Unified Functional Hashing (Gillard et al.,
 * 2023), with gradients, for they are all that a training sees of a loss.
 *
 * @param shape hash of the gradients, divided by their root mean square, to four digits
 * @param scale their root mean square, in steps of 2 %
 */
public record Fingerprint(long shape, int scale) {
  /** Gradients below this are 0: what is left of two terms that cancel each other. */
  private static final double NOTHING = 1e-9;

  /** Mantissa bits of a float that are rounded away. */
  private static final int ROUNDED = 9;

  /** Scales in a factor of two. */
  private static final double STEPS = 35;

  private static final Inputs TWO_STAGE = Sample.inputs(Branch.TWO_STAGE, samples());
  private static final Inputs ONE_STAGE = Sample.inputs(Branch.ONE_STAGE, samples());
  private static final Inputs REGRESSION = BoxPair.inputs(boxes());

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

  /**
   * The fingerprint of a loss.
   *
   * @param loss an expression of the branch
   * @param branch its branch
   * @return equal for losses that train alike
   */
  public static Fingerprint of(Expression loss, Branch branch) {
    return of(Program.of(loss, branch), new Registers(), branch, 1);
  }

  /**
   * The fingerprint of a compiled loss.
   *
   * @param loss a program of the branch
   * @param registers to run it in
   * @param branch its branch
   * @param sign 1, or −1 for that of its negative
   * @return equal for losses that train alike
   */
  public static Fingerprint of(Program loss, Registers registers, Branch branch, int sign) {
    Inputs points = points(branch);
    registers.forward(loss, points);
    registers.backward();
    List<Variable> trained = trained(branch);
    int length = points.rows() * points.columns();
    double[] slopes = new double[length];
    double[] all = new double[length * trained.size()];
    double squares = 0;
    for (int v = 0; v < trained.size(); v++) {
      registers.gradient(trained.get(v), slopes);
      for (int i = 0; i < length; i++) {
        // Boxes that are apart do not move with the area that they share.
        boolean apart = trained.get(v) == Variable.I && points.at(Variable.I, i) == 0;
        double slope = apart || Math.abs(slopes[i]) < NOTHING ? 0 : sign * slopes[i];
        all[v * length + i] = slope;
        squares += slope * slope;
      }
    }
    double rms = Math.sqrt(squares / all.length);
    return new Fingerprint(
        hash(all, rms), (int) Math.round(STEPS * Math.log(Math.max(rms, NOTHING)) / Math.log(2)));
  }

  private static long hash(double[] slopes, double rms) {
    long hash = 0;
    for (double slope : slopes) {
      double relative = slope / Math.max(rms, NOTHING);
      int bits = Math.abs(relative) < NOTHING ? 0 : Float.floatToIntBits((float) relative);
      hash = mix(hash + ((bits + (1 << (ROUNDED - 1))) >> ROUNDED));
    }
    return hash;
  }

  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Both parts in one number, for a set of many. */
  long key() {
    return mix(shape + scale);
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
