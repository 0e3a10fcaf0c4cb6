package dev.autoloss.loss.scale;

import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Ground truths, and predictions that miss them by shift, size and aspect, as a detector's box
 * branch writes them. Drawn from a seed, immutable.
 */
public final class DrawnBoxes {
  /** Sides of ground truths in pixels: small to large objects. */
  private static final double LEAST_PIXELS = 16;

  private static final double MOST_PIXELS = 256;

  /** Sides of ground truths in strides: what one level of a pyramid answers for. */
  private static final double LEAST_STRIDES = 2;

  private static final double MOST_STRIDES = 16;

  /** How far an anchor's centre may lie from that of its object, in sides of it. */
  private static final double ANCHOR_SHIFT = 0.2;

  /** Deviation of the logarithm of an anchor's sides, in those of its object. */
  private static final double ANCHOR_SIZE = 0.25;

  /** Least distance of a point to a predicted side, in sides of the object. */
  private static final double LEAST_DISTANCE = 0.05;

  private final BoxCoding coding;
  private final AreaUnits units;
  private final double[] anchors;
  private final double[] targets;
  private final double[] start;

  private DrawnBoxes(
      BoxCoding coding, AreaUnits units, double[] anchors, double[] targets, double[] start) {
    this.coding = coding;
    this.units = units;
    this.anchors = anchors;
    this.targets = targets;
    this.start = start;
  }

  /**
   * Draws boxes.
   *
   * @param coding how boxes are written; it decides the detector's units
   * @param units units of the areas that a loss gets
   * @param count number of boxes, at least 1
   * @param miss deviation of the predictions' shift, in sides of the ground truth, and of the
   *     logarithms of their sides; at least 0
   * @param seed decides everything
   * @return the boxes
   * @throws IllegalArgumentException if there is no box
   */
  public static DrawnBoxes draw(
      BoxCoding coding, AreaUnits units, int count, double miss, long seed) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " boxes, expected at least 1");
    }
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    boolean strides = coding == BoxCoding.DISTANCES;
    double least = strides ? LEAST_STRIDES : LEAST_PIXELS;
    double most = strides ? MOST_STRIDES : MOST_PIXELS;
    double[] anchors = new double[4 * count];
    double[] targets = new double[4 * count];
    double[] predicted = new double[4 * count];
    for (int k = 0; k < targets.length; k += 4) {
      for (int axis = k; axis < k + 2; axis++) {
        double side = least * Math.pow(most / least, random.nextDouble());
        place(targets, axis, 0, side);
        double anchorShift = random.nextDouble(-ANCHOR_SHIFT, ANCHOR_SHIFT);
        place(
            anchors,
            axis,
            side * anchorShift,
            side * Math.exp(ANCHOR_SIZE * random.nextGaussian()));
        place(
            predicted,
            axis,
            side * miss * random.nextGaussian(),
            side * Math.exp(miss * random.nextGaussian()));
        if (strides) {
          double point = side * anchorShift;
          predicted[axis] = Math.min(predicted[axis], point - LEAST_DISTANCE * side);
          predicted[axis + 2] = Math.max(predicted[axis + 2], point + LEAST_DISTANCE * side);
        }
      }
    }
    double[] start = new double[4 * count];
    coding.encode(anchors, predicted, start);
    return new DrawnBoxes(coding, units, anchors, targets, start);
  }

  private static void place(double[] boxes, int axis, double centre, double side) {
    boxes[axis] = centre - side / 2;
    boxes[axis + 2] = centre + side / 2;
  }

  /**
   * The codes of the predictions as they were drawn.
   *
   * @return four a box, a copy
   */
  public double[] start() {
    return start.clone();
  }

  /**
   * The mean of intersection over union of predictions with their ground truths.
   *
   * @param codes four a box
   * @return in [0, 1]; NaN if a code is
   */
  public double meanOverlap(double[] codes) {
    return measured(boxes(codes)).meanOverlap();
  }

  /**
   * What a detector's box branch gets back from a loss.
   *
   * @param loss an expression of the regression branch
   * @param codes where: four a box
   * @return the gradient of the sum of the boxes' losses by the codes, four a box; NaN and
   *     infinities are values like any other
   */
  public double[] gradient(Expression loss, double[] codes) {
    double[] boxes = boxes(codes);
    Areas areas = measured(boxes);
    Inputs inputs =
        Inputs.of(
            Branch.REGRESSION,
            areas.union.length,
            1,
            Map.of(
                Variable.I, areas.intersection,
                Variable.U, areas.union,
                Variable.E, areas.enclosing));
    Evaluation evaluation = Evaluator.evaluate(loss, inputs);
    double[] gradient = new double[codes.length];
    areas.pullBack(
        boxes,
        evaluation.gradient(Variable.I),
        evaluation.gradient(Variable.U),
        evaluation.gradient(Variable.E),
        gradient);
    coding.pullBack(anchors, codes, boxes, gradient);
    return gradient;
  }

  private double[] boxes(double[] codes) {
    double[] boxes = new double[codes.length];
    coding.decode(anchors, codes, boxes);
    return boxes;
  }

  private Areas measured(double[] boxes) {
    var areas = new Areas(units, targets);
    areas.measure(boxes);
    return areas;
  }
}
