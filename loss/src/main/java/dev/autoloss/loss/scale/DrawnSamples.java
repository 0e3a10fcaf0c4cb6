package dev.autoloss.loss.scale;

import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Samples of objects and of background with drawn logits, as a detector's classification branch
 * gives them to its loss. Drawn from a seed, immutable.
 *
 * <p>Two-stage: a quarter of the rows are objects, as regions are sampled, and the last column is
 * the background. One-stage: a quarter of the rows, too – an image has far fewer, but then a small
 * problem would have none –, each with its one right column among wrong ones, and the detector's
 * α-balance on its gradients (.25 for right entries, .75 for wrong ones).
 */
public final class DrawnSamples {
  private static final int OBJECT_EVERY = 4;
  private static final double ALPHA = 0.25;
  private static final double LEAST_OVERLAP = 0.3;

  /** Logits of one-stage detectors start low: most entries are wrong. */
  private static final double ONE_STAGE_MEAN = -2;

  private final Branch branch;
  private final int rows;
  private final int columns;
  private final int[] labels;
  private final double[] start;
  private final Map<Variable, double[]> inputs;

  private DrawnSamples(Branch branch, int[] labels, double[] overlaps, double[] start) {
    this.branch = branch;
    this.rows = labels.length;
    this.columns = start.length / rows;
    this.labels = labels;
    this.start = start;
    this.inputs = new EnumMap<>(Variable.class);
    double[] hits = new double[start.length];
    double[] misses = new double[start.length];
    double[] weights = new double[start.length];
    double[] hitWeights = new double[start.length];
    for (int i = 0; i < start.length; i++) {
      int row = i / columns;
      hits[i] = i % columns == labels[row] ? 1 : 0;
      misses[i] = 1 - hits[i];
      weights[i] = overlaps[row];
      hitWeights[i] = hits[i] * overlaps[row];
    }
    if (branch == Branch.TWO_STAGE) {
      inputs.put(Variable.Y, hits);
      inputs.put(Variable.Z, weights);
    } else {
      inputs.put(Variable.Q, hitWeights);
      inputs.put(Variable.PY, hits);
      inputs.put(Variable.NY, misses);
    }
  }

  /**
   * Draws samples.
   *
   * @param branch two-stage or one-stage
   * @param rows number of samples, at least 4
   * @param classes number of classes, without background, at least 2
   * @param lead how far the logits of right columns stand above the others in the mean: 0 for a
   *     detector that has learned nothing
   * @param seed decides everything
   * @return the samples
   * @throws IllegalArgumentException if the branch is regression, or there are too few
   */
  public static DrawnSamples draw(Branch branch, int rows, int classes, double lead, long seed) {
    if (!branch.classification() || rows < OBJECT_EVERY || classes < 2) {
      throw new IllegalArgumentException(
          "%d samples of %d classes in the %s branch, expected 4 of 2 and classification"
              .formatted(rows, classes, branch.label()));
    }
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    boolean twoStage = branch == Branch.TWO_STAGE;
    int background = twoStage ? classes : -1;
    int columns = Math.max(classes, background + 1);
    double mean = twoStage ? 0 : ONE_STAGE_MEAN;
    int[] labels = labels(rows, classes, background);
    double[] overlaps = new double[rows];
    double[] logits = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      overlaps[row] = labels[row] == background ? 1 : random.nextDouble(LEAST_OVERLAP, 1);
      for (int column = 0; column < columns; column++) {
        double expected = column == labels[row] ? mean + lead : mean;
        logits[row * columns + column] = expected + random.nextGaussian();
      }
    }
    return new DrawnSamples(branch, labels, overlaps, logits);
  }

  /** Classes take turns, so that none is missing. */
  private static int[] labels(int rows, int classes, int background) {
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row % OBJECT_EVERY == 0 ? row / OBJECT_EVERY % classes : background;
    }
    return labels;
  }

  /**
   * The number of samples.
   *
   * @return at least 4
   */
  public int rows() {
    return rows;
  }

  /**
   * The number of logits of a sample.
   *
   * @return the classes; two-stage one more, the background, which is the last
   */
  public int columns() {
    return columns;
  }

  /**
   * The right column of a sample.
   *
   * @param row which sample
   * @return the class; the background's column for two-stage negatives, −1 for one-stage ones
   */
  public int label(int row) {
    return labels[row];
  }

  /**
   * The logits as they were drawn.
   *
   * @return rows × columns, row by row, a copy
   */
  public double[] start() {
    return start.clone();
  }

  /**
   * What a detector's classification branch gets back from a loss. The α-balance of one-stage
   * detectors is applied to the gradients, entry by entry, which is exact for losses without {@code
   * Softmax}.
   *
   * @param loss an expression of the branch
   * @param logits where: rows × columns, row by row
   * @return the gradient of the sum of the samples' losses by the logits, in the same shape; NaN
   *     and infinities are values like any other
   */
  public double[] gradient(Expression loss, double[] logits) {
    Map<Variable, double[]> values = new EnumMap<>(inputs);
    values.put(Variable.X, logits);
    double[] gradient =
        Evaluator.evaluate(loss, Inputs.of(branch, rows, columns, values)).gradient(Variable.X);
    if (branch == Branch.ONE_STAGE) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= i % columns == labels[i / columns] ? ALPHA : 1 - ALPHA;
      }
    }
    return gradient;
  }
}
