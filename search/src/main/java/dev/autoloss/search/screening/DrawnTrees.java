package dev.autoloss.search.screening;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random losses by number: the same number gives the same tree. Sizes are uniform; a node of three
 * or more is of one operand or of two by a coin, and a left operand's size is uniform, too.
 */
public final class DrawnTrees {
  /** How often a leaf is a constant and not an input. */
  private static final double CONSTANT_SHARE = 0.3;

  private static final long STRIDE = 0x9e3779b97f4a7c15L;

  private final UnaryOperator[] unary;
  private final BinaryOperator[] binary;
  private final Variable[] variables;
  private final double[] constants;
  private final int least;
  private final int most;
  private final long seed;

  /**
   * What trees are made of.
   *
   * @param branch decides the inputs, and which of the operators are used
   * @param unary operators of one operand
   * @param binary operators of two operands
   * @param constants constants; empty for none
   * @param sizes the least and the most nodes, at least 1
   * @param seed seed of all chance
   * @throws IllegalArgumentException if trees of these sizes can't be made of the operators
   */
  public DrawnTrees(
      Branch branch,
      Collection<UnaryOperator> unary,
      Collection<BinaryOperator> binary,
      List<Double> constants,
      Sizes sizes,
      long seed) {
    this.unary = unary.stream().filter(one -> one.allowedIn(branch)).toArray(UnaryOperator[]::new);
    this.binary =
        binary.stream().filter(two -> two.allowedIn(branch)).toArray(BinaryOperator[]::new);
    this.variables = branch.variables().toArray(Variable[]::new);
    this.constants = constants.stream().mapToDouble(Double::doubleValue).toArray();
    this.least = sizes.least();
    this.most = sizes.most();
    this.seed = seed;
    if (this.unary.length == 0 && (this.binary.length == 0 || least != most || least % 2 == 0)) {
      throw new IllegalArgumentException(
          "operators: expected at least one of one operand in the " + branch.label() + " branch");
    }
  }

  /**
   * Sizes of trees.
   *
   * @param least fewest nodes
   * @param most most nodes
   */
  public record Sizes(int least, int most) {
    /** The sizes of the benchmarks. */
    public static final Sizes USUAL = new Sizes(5, 40);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if they are not 1 ≤ least ≤ most ≤ 200
     */
    public Sizes {
      if (least < 1 || most < least || most > 200) {
        throw new IllegalArgumentException(
            "nodes: expected 1 to 200, the least first, found " + least + " to " + most);
      }
    }
  }

  /**
   * Draws a tree.
   *
   * @param number which
   * @param tree takes it
   */
  public void draw(long number, PrefixTree tree) {
    var random = new SplittableRandom(seed + STRIDE * (number + 1));
    tree.clear();
    grow(least + random.nextInt(most - least + 1), random, tree);
  }

  private void grow(int nodes, SplittableRandom random, PrefixTree tree) {
    int left = nodes;
    while (left > 1 && (left == 2 || binary.length == 0 || random.nextBoolean())) {
      if (unary.length == 0) {
        break;
      }
      tree.unary(unary[random.nextInt(unary.length)]);
      left--;
    }
    if (left < 3) {
      leaf(random, tree);
    } else {
      tree.binary(binary[random.nextInt(binary.length)]);
      int first = 1 + random.nextInt(left - 2);
      grow(first, random, tree);
      grow(left - 1 - first, random, tree);
    }
  }

  private void leaf(SplittableRandom random, PrefixTree tree) {
    if (constants.length > 0 && random.nextDouble() < CONSTANT_SHARE) {
      tree.constant(constants[random.nextInt(constants.length)]);
    } else {
      tree.input(variables[random.nextInt(variables.length)]);
    }
  }
}
