package dev.autoloss.loss.rejection;

import dev.autoloss.loss.expression.Expression;

/** Predictions that are optimised under a loss, and how good they are. */
interface Problem {
  /** What is measured, for people. */
  String measure();

  /** What is optimised, for people: a plural. */
  String predictions();

  /** The predictions to start from, a copy. */
  double[] start();

  /** The gradient of the loss's sum by the predictions. */
  double[] gradient(Expression loss, double[] predictions);

  /** How good predictions are, in [0, 1], for finite ones. */
  double quality(double[] predictions);
}
