package dev.autoloss.search;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import java.util.List;
import java.util.Locale;

/**
 * What is searched, and how.
 *
 * @param seed seed of all chance
 * @param classification the detector's kind of classification loss
 * @param space losses that may be proposed
 * @param evolution how they evolve
 * @param trials what is borne of trials
 * @param procedure how candidates climb
 */
public record SearchSpec(
    long seed,
    Branch classification,
    SearchSpace space,
    Evolution evolution,
    Trials trials,
    Procedure procedure) {
  /**
   * Checks that the parts fit.
   *
   * @throws IllegalArgumentException if the branch is not one of classification, a searched branch
   *     has no operator, an initial or prior loss is not of its branch, or more losses are
   *     simulated than generated or fewer than trained
   */
  public SearchSpec {
    int simulated = procedure.simulated().orElse(evolution.trained());
    if (simulated < evolution.trained() || simulated > evolution.candidates()) {
      throw new IllegalArgumentException(
          "evolution.simulated: expected evolution.trained to evolution.candidates, which is %d to %d, found %d"
              .formatted(evolution.trained(), evolution.candidates(), simulated));
    }
    if (!classification.classification()) {
      throw new IllegalArgumentException("classification: expected a branch of class scores");
    }
    for (Target target : space.branches()) {
      Branch branch = branch(target, classification);
      Vocabulary.check(space, branch);
      check("evolution.initial", evolution.initial(), target, branch);
      check("evolution.priors", evolution.breeding().priors(), target, branch);
    }
  }

  private static void check(String list, List<LossPair> pairs, Target target, Branch branch) {
    for (int i = 0; i < pairs.size(); i++) {
      String field = list + "[" + i + "]." + target.name().toLowerCase(Locale.ROOT);
      pairs.get(i).of(target).ifPresent(loss -> check(field, loss, branch));
    }
  }

  /**
   * A search of the plain procedure.
   *
   * @param seed seed of all chance
   * @param classification the detector's kind of classification loss
   * @param space losses that may be proposed
   * @param evolution how they evolve
   * @param trials what is borne of trials
   */
  public SearchSpec(
      long seed, Branch classification, SearchSpace space, Evolution evolution, Trials trials) {
    this(seed, classification, space, evolution, trials, Procedure.PLAIN);
  }

  /** Candidates that a proposal aims at: those that enter the first stage. */
  int proposed() {
    return procedure.simulated().orElse(evolution.trained());
  }

  /** Proxy trainings of a candidate before any promotion. */
  int firstReplicates() {
    return procedure.racing() < 1 ? 1 : evolution.replicates();
  }

  private static void check(String field, Expression loss, Branch branch) {
    String stranger =
        switch (loss) {
          case Input(var variable) -> branch.variables().contains(variable) ? "" : variable.name();
          case Constant _ -> "";
          case Unary(var operator, var operand) -> {
            check(field, operand, branch);
            yield operator.allowedIn(branch) ? "" : operator.symbol();
          }
          case Binary(var operator, var left, var right) -> {
            check(field, left, branch);
            check(field, right, branch);
            yield operator.allowedIn(branch) ? "" : operator.symbol();
          }
        };
    if (!stranger.isEmpty()) {
      throw new IllegalArgumentException(
          field + ": expected a loss of the " + branch.label() + " branch, found " + stranger);
    }
  }

  Branch branch(Target target) {
    return branch(target, classification);
  }

  private static Branch branch(Target target, Branch classification) {
    return switch (target) {
      case CLASSIFICATION -> classification;
      case REGRESSION -> Branch.REGRESSION;
    };
  }
}
