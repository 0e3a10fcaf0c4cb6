package dev.autoloss.loss.gate;

import dev.autoloss.loss.expression.Expression;
import java.util.Optional;

/** One gate for one branch: immutable, its probe points are made once. */
interface Check {
  /** The gate that is checked. */
  Gate gate();

  /** Why the loss fails, a sentence; empty if it passes. */
  Optional<String> problem(Expression expression);
}
