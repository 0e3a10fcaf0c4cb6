package dev.autoloss.search;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Makes a child of one or two trees of the same branch. The family of DEAP's operators, which the
 * published search is built on: one-point crossover, uniform mutation, node replacement, insertion,
 * shrinking and ephemeral constants.
 */
final class Variation {
  /** A child that does not fit the space is made anew, at most this often. */
  private static final int TRIES = 8;

  private static final int RANDOM_HEIGHT = 5;
  private static final int MUTATION_HEIGHT = 3;

  /**
   * Standard deviation of a step of tuning, in the constant's logarithm: two in three by ≤ 35 %.
   */
  private static final double TUNING_STEP = 0.3;

  /** A loss is printed and read by people; finer differences are below the noise of a training. */
  private static final MathContext TUNING_DIGITS = new MathContext(4);

  private final SearchSpace space;
  private final Vocabulary vocabulary;

  Variation(SearchSpace space, Vocabulary vocabulary) {
    this.space = space;
    this.vocabulary = vocabulary;
  }

  /**
   * A child that fits the space. If none of several tries gave one, the parent itself, or a random
   * tree in place of a parent outside the space.
   */
  Expression vary(Origin how, Expression parent, Expression mate, RandomGenerator random) {
    for (int i = 0; i < TRIES; i++) {
      Expression child = once(how, parent, mate, random);
      if (space.admits(child) && !child.equals(parent)) {
        return child;
      }
    }
    return space.admits(parent) ? parent : random(random);
  }

  /** A random tree that fits the space. */
  Expression random(RandomGenerator random) {
    return vocabulary.tree(Math.min(RANDOM_HEIGHT, space.maxHeight()), random);
  }

  private Expression once(Origin how, Expression parent, Expression mate, RandomGenerator random) {
    int place = random.nextInt(parent.size());
    return switch (how) {
      case CROSSOVER -> Trees.replace(parent, place, Trees.at(mate, random.nextInt(mate.size())));
      case SUBTREE_MUTATION ->
          Trees.replace(parent, place, vocabulary.tree(MUTATION_HEIGHT, random));
      case NODE_REPLACEMENT ->
          Trees.replace(parent, place, sameArity(Trees.at(parent, place), random));
      case INSERTION -> Trees.replace(parent, place, above(Trees.at(parent, place), random));
      case SHRINKING -> shrink(parent, place, random);
      case CONSTANT_CHANGE -> changeConstant(parent, random);
      case CONSTANT_TUNING -> tune(parent, random);
      case BASELINE, CONTROL, INITIAL, PRIOR, CATALOGUE, RANDOM ->
          throw new IllegalArgumentException(how + " makes no child");
    };
  }

  private Expression sameArity(Expression node, RandomGenerator random) {
    return switch (node) {
      case Input _, Constant _ -> vocabulary.leaf(random);
      case Unary(var _, var operand) -> vocabulary.unary(operand, random);
      case Binary(var _, var left, var right) -> vocabulary.binary(left, right, random);
    };
  }

  private Expression above(Expression node, RandomGenerator random) {
    if (random.nextBoolean()) {
      return vocabulary.unary(node, random);
    }
    Expression other = vocabulary.leaf(random);
    return random.nextBoolean()
        ? vocabulary.binary(node, other, random)
        : vocabulary.binary(other, node, random);
  }

  private static Expression shrink(Expression parent, int place, RandomGenerator random) {
    Expression node = Trees.at(parent, place);
    return node.size() == 1
        ? parent
        : Trees.replace(parent, place, Trees.at(node, 1 + random.nextInt(node.size() - 1)));
  }

  private Expression changeConstant(Expression parent, RandomGenerator random) {
    List<Integer> places =
        IntStream.range(0, parent.size())
            .filter(place -> Trees.at(parent, place) instanceof Constant)
            .boxed()
            .toList();
    return places.isEmpty()
        ? parent
        : Trees.replace(parent, Chance.pick(places, random), vocabulary.constant(random));
  }

  /** One constant moves for certain, the others as often as not; signs stay, and so does 0. */
  private static Expression tune(Expression parent, RandomGenerator random) {
    double[] constants = parent.constants();
    if (constants.length == 0) {
      return parent;
    }
    int certain = random.nextInt(constants.length);
    for (int i = 0; i < constants.length; i++) {
      if (i == certain || random.nextBoolean()) {
        constants[i] = moved(constants[i], random);
      }
    }
    return parent.withConstants(constants);
  }

  private static double moved(double constant, RandomGenerator random) {
    double value = constant * Math.exp(TUNING_STEP * random.nextGaussian());
    return Double.isFinite(value)
        ? new BigDecimal(value).round(TUNING_DIGITS).doubleValue()
        : constant;
  }
}
