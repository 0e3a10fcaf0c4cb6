package dev.autoloss.search;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Examiner;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.rejection.PredictionRejection;
import dev.autoloss.loss.simplification.Simplifier;
import dev.autoloss.search.screening.Fingerprint;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the gates say of a branch's losses in a space. A loss that only points the wrong way is
 * turned: its negative is judged in its place. One branch of a child is mostly its parent's, so
 * verdicts are kept. Safe to share between threads.
 */
final class Judge {
  private final SearchSpace space;
  private final Branch branch;
  private final PredictionRejection predictions;
  private final Map<Expression, Judged> judged = new ConcurrentHashMap<>();
  private final Map<Expression, Boolean> trains = new ConcurrentHashMap<>();

  /** Each thread at work has one of its own. */
  private final Queue<Examiner> idle = new ConcurrentLinkedQueue<>();

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
    this.predictions = PredictionRejection.of(branch);
  }

  Judged of(Expression loss) {
    return judged.computeIfAbsent(loss, this::judge);
  }

  private Judged judge(Expression loss) {
    Examiner examiner =
        Optional.ofNullable(idle.poll()).orElseGet(() -> Gates.published().examiner(branch));
    Examiner.Ruling ruling = examiner.rule(loss);
    idle.add(examiner);
    if (ruling.failed().isPresent()) {
      return new Judged(loss, ruling.failed());
    }
    Expression upright = ruling.flipped() ? Examiner.negative(loss) : loss;
    if (!space.admits(upright)) {
      return new Judged(loss, Optional.of(direction()));
    }
    return new Judged(upright, Optional.empty());
  }

  /**
   * The last gate, which costs as much as a thousand judgements of the others: what the loss makes
   * of predictions.
   */
  boolean trains(Expression loss) {
    return trains.computeIfAbsent(loss, _ -> predictions.judge(loss).problem().isEmpty());
  }

  private Gate direction() {
    return branch.classification() ? Gate.MONOTONE : Gate.DISTANCE_CONSISTENT;
  }

  /**
   * The simplified form of a loss that passes, if it is exactly as good: shorter, in the space,
   * past the gates as it is and of the same gradients; else the loss itself.
   */
  Expression shortest(Expression loss) {
    Expression simplified = Simplifier.simplify(loss, branch).expression();
    boolean asGood =
        simplified.size() < loss.size()
            && space.admits(simplified)
            && of(simplified).equals(new Judged(simplified, Optional.empty()))
            && Fingerprint.of(simplified, branch)
                .equals(Description.of(loss, branch).fingerprint());
    return asGood ? simplified : loss;
  }
}
