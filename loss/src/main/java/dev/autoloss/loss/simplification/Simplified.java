package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.Expression;
import java.util.List;

/**
 * What simplification gives.
 *
 * @param expression of the same values and gradients
 * @param rules what was applied, in order, one entry a time; empty if nothing was to be done
 */
public record Simplified(Expression expression, List<Rule> rules) {
  /** Copies the list. */
  public Simplified {
    rules = List.copyOf(rules);
  }
}
