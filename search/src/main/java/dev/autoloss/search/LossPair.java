package dev.autoloss.search;

import dev.autoloss.loss.expression.Expression;
import java.util.Optional;

/**
 * The losses of a detector's two branches.
 *
 * @param classification loss of the class scores; empty for the detector's default
 * @param regression loss of the boxes; empty for the detector's default
 */
public record LossPair(Optional<Expression> classification, Optional<Expression> regression) {
  /** The detector's default pair. */
  public static final LossPair DEFAULT = new LossPair(Optional.empty(), Optional.empty());

  /**
   * The loss of a branch.
   *
   * @param target the branch
   * @return the expression; empty for the detector's default
   */
  public Optional<Expression> of(Target target) {
    return switch (target) {
      case CLASSIFICATION -> classification;
      case REGRESSION -> regression;
    };
  }

  /**
   * The same pair with another loss in one branch.
   *
   * @param target the branch
   * @param loss its new loss
   * @return the new pair
   */
  LossPair with(Target target, Expression loss) {
    return switch (target) {
      case CLASSIFICATION -> new LossPair(Optional.of(loss), regression);
      case REGRESSION -> new LossPair(classification, Optional.of(loss));
    };
  }

  /** Nodes of both expressions. */
  int size() {
    return classification.map(Expression::size).orElse(0)
        + regression.map(Expression::size).orElse(0);
  }
}
