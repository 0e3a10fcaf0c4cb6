package dev.autoloss.loss.expression;

/** An input of a loss; which ones exist depends on the {@link Branch}. */
public enum Variable {
  /** Logits, rows of samples and columns of classes. */
  X,
  /** One-hot label, two-stage: rows × (classes + background). */
  Y,
  /**
   * Intersection over union of the predicted box with its ground truth, two-stage: broadcast over
   * the classes, 1 on background rows, detached.
   */
  Z,
  /** {@code Z·y}, one-stage: the overlap at a positive's class, 0 elsewhere, detached. */
  Q,
  /** Label, one-stage: 1 at a positive's class, else 0. */
  PY,
  /** {@code 1 − PY}. */
  NY,
  /** Area of the intersection of prediction and ground truth, at least 0. */
  I,
  /** Area of the union, plus 1e-7. */
  U,
  /** Area of the smallest box that encloses both, plus 1e-7. */
  E
}
