package dev.autoloss.search;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;

/** Nodes of a tree by their place in preorder: the root is 0, then its left subtree, then right. */
final class Trees {
  private Trees() {}

  /** The subtree whose root is the node at a place. */
  static Expression at(Expression tree, int place) {
    if (place == 0) {
      return tree;
    }
    return switch (tree) {
      case Input _, Constant _ -> throw new IndexOutOfBoundsException(place);
      case Unary(var _, var operand) -> at(operand, place - 1);
      case Binary(var _, var left, var right) ->
          place <= left.size() ? at(left, place - 1) : at(right, place - 1 - left.size());
    };
  }

  /** The tree with another subtree at a place. */
  static Expression replace(Expression tree, int place, Expression subtree) {
    if (place == 0) {
      return subtree;
    }
    return switch (tree) {
      case Input _, Constant _ -> throw new IndexOutOfBoundsException(place);
      case Unary(var operator, var operand) ->
          new Unary(operator, replace(operand, place - 1, subtree));
      case Binary(var operator, var left, var right) ->
          place <= left.size()
              ? new Binary(operator, replace(left, place - 1, subtree), right)
              : new Binary(operator, left, replace(right, place - 1 - left.size(), subtree));
    };
  }
}
