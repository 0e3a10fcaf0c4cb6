package dev.autoloss.loss.rejection;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.scale.DrawnSamples;

/**
 * Raw logits of a few samples. Their quality is the share of pairs of a right and a wrong score, of
 * any samples, of which the right one is higher: average precision needs nothing else of a
 * classifier, and asks for no threshold.
 */
final class LogitProblem implements Problem {
  private static final int ROWS = 32;
  private static final int CLASSES = 4;
  private static final long SEED = 1_618_033_988L;

  private final DrawnSamples samples;
  private final int classes = CLASSES;
  private final boolean softmax;

  LogitProblem(Branch branch) {
    this.samples = DrawnSamples.draw(branch, ROWS, CLASSES, 0, SEED);
    this.softmax = branch == Branch.TWO_STAGE;
  }

  @Override
  public String measure() {
    return "right scores above wrong ones";
  }

  @Override
  public String predictions() {
    return "logits";
  }

  @Override
  public double[] start() {
    return samples.start();
  }

  @Override
  public double[] gradient(Expression loss, double[] predictions) {
    return samples.gradient(loss, predictions);
  }

  @Override
  public double quality(double[] predictions) {
    double[] scores = scores(predictions);
    double pairs = 0;
    double ordered = 0;
    for (int row = 0; row < samples.rows(); row++) {
      int label = samples.label(row);
      if (label >= 0 && label < classes) {
        double right = scores[row * classes + label];
        for (int i = 0; i < scores.length; i++) {
          if (i % classes != samples.label(i / classes)) {
            pairs++;
            ordered += right > scores[i] ? 1 : right == scores[i] ? 0.5 : 0;
          }
        }
      }
    }
    return ordered / pairs;
  }

  /** Scores of the classes, without background: rows × classes. */
  private double[] scores(double[] logits) {
    if (!softmax) {
      return logits;
    }
    int columns = samples.columns();
    double[] scores = new double[samples.rows() * classes];
    for (int row = 0; row < samples.rows(); row++) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (int column = 0; column < columns; column++) {
        greatest = Math.max(greatest, logits[row * columns + column]);
      }
      double sum = 0;
      for (int column = 0; column < columns; column++) {
        sum += Math.exp(logits[row * columns + column] - greatest);
      }
      for (int column = 0; column < classes; column++) {
        scores[row * classes + column] = logits[row * columns + column] - greatest - Math.log(sum);
      }
    }
    return scores;
  }
}
