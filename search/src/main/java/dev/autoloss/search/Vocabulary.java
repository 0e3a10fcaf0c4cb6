package dev.autoloss.search;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.List;
import java.util.random.RandomGenerator;

/** What trees of a branch are made of, and random trees of it. */
final class Vocabulary {
  /** How often a leaf is a constant and not an input. */
  private static final double CONSTANT_SHARE = 0.3;

  /** How often a tree of the growing kind ends early at a node. */
  private static final double EARLY_LEAF = 0.3;

  private final List<UnaryOperator> unary;
  private final List<BinaryOperator> binary;
  private final List<Double> constants;
  private final int maxNodes;
  private final Branch branch;

  Vocabulary(SearchSpace space, Branch branch) {
    this.unary = space.unary().stream().filter(one -> one.allowedIn(branch)).toList();
    this.binary = space.binary().stream().filter(two -> two.allowedIn(branch)).toList();
    this.constants = space.constants();
    this.maxNodes = space.maxNodes();
    this.branch = branch;
  }

  /** Throws if trees of the branch cannot be made in the space. */
  static void check(SearchSpace space, Branch branch) {
    if (space.unary().stream().noneMatch(one -> one.allowedIn(branch))
        && space.binary().stream().noneMatch(two -> two.allowedIn(branch))) {
      throw new IllegalArgumentException(
          "space.operators: expected at least one for the " + branch.label() + " branch");
    }
  }

  /** A random operator of one operand over this one; the operand itself if there is none. */
  Expression unary(Expression operand, RandomGenerator random) {
    return unary.isEmpty() ? operand : new Expression.Unary(Chance.pick(unary, random), operand);
  }

  /** A random operator of two operands over these; the left one if there is none. */
  Expression binary(Expression left, Expression right, RandomGenerator random) {
    return binary.isEmpty()
        ? left
        : new Expression.Binary(Chance.pick(binary, random), left, right);
  }

  Expression constant(RandomGenerator random) {
    return new Expression.Constant(Chance.pick(constants, random));
  }

  Expression leaf(RandomGenerator random) {
    return random.nextDouble() < CONSTANT_SHARE
        ? constant(random)
        : new Expression.Input(Chance.pick(branch.variables(), random));
  }

  /**
   * Ramped half and half (Koza): a height drawn in 1..most, and full or growing by a coin. A tree
   * that would have too many nodes is cut short, at its right first.
   */
  Expression tree(int most, RandomGenerator random) {
    return grow(1 + random.nextInt(most), maxNodes, random.nextBoolean(), random);
  }

  private Expression grow(int height, int nodes, boolean full, RandomGenerator random) {
    if (height == 0 || nodes < 2 || (!full && random.nextDouble() < EARLY_LEAF)) {
      return leaf(random);
    }
    if (binary.isEmpty() || (!unary.isEmpty() && (nodes < 3 || random.nextBoolean()))) {
      return unary(grow(height - 1, nodes - 1, full, random), random);
    }
    if (nodes < 3) {
      return leaf(random);
    }
    Expression left = grow(height - 1, nodes - 2, full, random);
    return binary(left, grow(height - 1, nodes - 1 - left.size(), full, random), random);
  }
}
