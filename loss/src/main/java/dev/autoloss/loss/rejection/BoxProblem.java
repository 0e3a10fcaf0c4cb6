package dev.autoloss.loss.rejection;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.scale.AreaUnits;
import dev.autoloss.loss.scale.BoxCoding;
import dev.autoloss.loss.scale.DrawnBoxes;

/** Raw codes of a few boxes; their quality is the mean overlap with their ground truths. */
final class BoxProblem implements Problem {
  private static final int BOXES = 32;
  private static final double MISS = 0.25;
  private static final long SEED = 2_718_281_828L;

  private final DrawnBoxes boxes;

  BoxProblem(BoxCoding coding, AreaUnits units) {
    this.boxes = DrawnBoxes.draw(coding, units, BOXES, MISS, SEED);
  }

  @Override
  public String measure() {
    return "mean IoU";
  }

  @Override
  public String predictions() {
    return "boxes";
  }

  @Override
  public double[] start() {
    return boxes.start();
  }

  @Override
  public double[] gradient(Expression loss, double[] predictions) {
    return boxes.gradient(loss, predictions);
  }

  @Override
  public double quality(double[] predictions) {
    return boxes.meanOverlap(predictions);
  }
}
