package dev.autoloss.search;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import dev.autoloss.loss.simplification.Simplifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the gates say of a branch's losses in a space. A loss that only points the wrong way is
 * turned: its negative is judged in its place. One branch of a child is mostly its parent's, so
 * verdicts are kept.
 */
final class Judge {
  private final SearchSpace space;
  private final Branch branch;
  private final Map<Expression, Judged> judged = new HashMap<>();

  /**
   * A verdict.
   *
   * @param loss what was judged in the end
   * @param failed the first gate that it fails; empty if it passes all
   */
  record Judged(Expression loss, Optional<Gate> failed) {}

  Judge(SearchSpace space, Branch branch) {
    this.space = space;
    this.branch = branch;
  }

  Judged of(Expression loss) {
    Judged known = judged.get(loss);
    if (known == null) {
      known = turned(loss, new Judged(loss, failure(loss)));
      judged.put(loss, known);
    }
    return known;
  }

  private Judged turned(Expression loss, Judged upright) {
    boolean wrongWay =
        upright.failed().stream()
            .anyMatch(gate -> gate == Gate.MONOTONE || gate == Gate.DISTANCE_CONSISTENT);
    Expression negative = negative(loss);
    return wrongWay && space.admits(negative) && failure(negative).isEmpty()
        ? new Judged(negative, Optional.empty())
        : upright;
  }

  private static Expression negative(Expression loss) {
    return loss instanceof Unary(var operator, var operand) && operator == UnaryOperator.NEG
        ? operand
        : new Unary(UnaryOperator.NEG, loss);
  }

  private Optional<Gate> failure(Expression loss) {
    return switch (Gates.published().judge(loss, branch)) {
      case Verdict.Accepted() -> Optional.empty();
      case Verdict.Rejected(var gate, var _) -> Optional.of(gate);
    };
  }

  /**
   * The simplified form of a loss that passes, if it is exactly as good: shorter, in the space,
   * past the gates and of the same gradients; else the loss itself.
   */
  Expression shortest(Expression loss) {
    Expression simplified = Simplifier.simplify(loss, branch).expression();
    boolean asGood =
        simplified.size() < loss.size()
            && space.admits(simplified)
            && failure(simplified).isEmpty()
            && Fingerprint.of(simplified, branch).equals(Fingerprint.of(loss, branch));
    return asGood ? simplified : loss;
  }
}
