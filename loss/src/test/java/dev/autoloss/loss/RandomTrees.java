package dev.autoloss.loss;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/** Random expressions for tests, the same for the same seed. */
public final class RandomTrees {
  private static final double[] CONSTANTS = {
    1, 2, 3, -1, 0.5, -0.25, 1e300, -0.0, 0.1, 1e-20, 123456789012345.0, 1e15, Double.MIN_VALUE
  };

  private final double[] constants;
  private final Branch branch;
  private final RandomGenerator random;
  private final List<UnaryOperator> unary;
  private final List<BinaryOperator> binary;

  /** With constants that a printer and a parser find hard. */
  public RandomTrees(Branch branch, long seed) {
    this(branch, seed, CONSTANTS);
  }

  public RandomTrees(Branch branch, long seed, double... constants) {
    this.constants = constants.clone();
    this.branch = branch;
    this.random = random(seed);
    this.unary = Stream.of(UnaryOperator.values()).filter(o -> o.allowedIn(branch)).toList();
    this.binary = Stream.of(BinaryOperator.values()).filter(o -> o.allowedIn(branch)).toList();
  }

  public static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  public Expression next(int height) {
    double kind = height == 0 ? 1 : random.nextDouble();
    if (kind < 0.45) {
      return new Expression.Unary(pick(unary), next(height - 1));
    }
    if (kind < 0.9) {
      return new Expression.Binary(pick(binary), next(height - 1), next(height - 1));
    }
    return random.nextDouble() < 0.7
        ? new Expression.Input(pick(branch.variables()))
        : new Expression.Constant(constants[random.nextInt(constants.length)]);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
