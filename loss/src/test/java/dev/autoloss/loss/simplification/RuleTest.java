package dev.autoloss.loss.simplification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each rule does at one node, and where it keeps its hands off. */
class RuleTest {
  private static final String REGRESSION =
      """
      FOLD_CONSTANTS     | 1 + 2                | 3
      FOLD_CONSTANTS     | Exp(0)               | 1
      FOLD_CONSTANTS     | 1 / 0                | 1e20
      FOLD_CONSTANTS     | 0 * -(1)             |
      FOLD_CONSTANTS     | 0 * -1               | 0
      FOLD_CONSTANTS     | Log(-1)              |
      FOLD_CONSTANTS     | 1e200 * 1e200        |
      FOLD_CONSTANTS     | I + 1                |
      FOLD_CONSTANTS     | 1 + I                |
      FOLD_CONSTANTS     | Exp(I)               |
      FOLD_CONSTANTS     | 2                    |
      NEG_NEG            | --I                  | I
      NEG_NEG            | -Abs(-I)             |
      NEG_NEG            | Abs(-I)              |
      NEG_INSIDE         | -(2 * I)             | -2 * I
      NEG_INSIDE         | -(I * 2)             | I * -2
      NEG_INSIDE         | -((I - U) * E)       | (U - I) * E
      NEG_INSIDE         | -(E * (I - U))       | E * (U - I)
      NEG_INSIDE         | -(2 * I * U)         | -2 * I * U
      NEG_INSIDE         | -(2 / I)             | -2 / I
      NEG_INSIDE         | -(I / 2)             | I / -2
      NEG_INSIDE         | -((I - U) / E)       | (U - I) / E
      NEG_INSIDE         | -(I / 1e-11)         |
      NEG_INSIDE         | -(I / (U - E))       |
      NEG_INSIDE         | -(I * U)             |
      NEG_INSIDE         | -(I - U)             |
      NEG_INSIDE         | -(I + 2)             |
      NEG_INSIDE         | Abs(2 * I)           |
      ABS_OF_SIGN        | Abs(-(I - 1))        | Abs(I - 1)
      ABS_OF_SIGN        | Abs(Abs(I - 1))      | Abs(I - 1)
      ABS_OF_SIGN        | Abs(I)               |
      ABS_OF_SIGN        | Relu(-(I))           |
      ABS_OF_POSITIVE    | Abs(U)               | U
      ABS_OF_POSITIVE    | Abs(I)               |
      ABS_OF_POSITIVE    | Abs(U - E)           |
      RELU_OF_RELU       | Relu(Relu(I - 1))    | Relu(I - 1)
      RELU_OF_RELU       | Relu(Abs(I - 1))     |
      RELU_OF_POSITIVE   | Relu(1 + I)          | 1 + I
      RELU_OF_POSITIVE   | Relu(I)              |
      RELU_OF_NEGATIVE   | Relu(-U)             | 0
      RELU_OF_NEGATIVE   | Relu(-I)             |
      RELU_OF_NEGATIVE   | Relu(-1 - Sqrt(I - U)) |
      EVEN_FUNCTION      | Cos(-I)              | Cos(I)
      EVEN_FUNCTION      | Cos(Abs(I))          |
      EVEN_FUNCTION      | Sin(-I)              |
      ODD_FUNCTION       | Sin(-I)              | -Sin(I)
      ODD_FUNCTION       | Tanh(-I)             | -Tanh(I)
      ODD_FUNCTION       | Tanh(Abs(I))         |
      ODD_FUNCTION       | Sig(-I)              |
      EXP_OF_LOG         | Exp(Log(U))          | U
      EXP_OF_LOG         | Exp(Log(I))          |
      EXP_OF_LOG         | Exp(Log(-U))         |
      EXP_OF_LOG         | Exp(Log(Exp(U) + 1)) |
      EXP_OF_LOG         | Exp(Abs(U))          |
      LOG_OF_EXP         | Log(Exp(Tanh(I)))    | Tanh(I)
      LOG_OF_EXP         | Log(Exp(-20 * Tanh(I))) | -20 * Tanh(I)
      LOG_OF_EXP         | Log(Exp(-21 * Tanh(I))) |
      LOG_OF_EXP         | Log(Exp(88 + Tanh(I) * 0)) | 88 + Tanh(I) * 0
      LOG_OF_EXP         | Log(Exp(88 + Relu(I))) |
      LOG_OF_EXP         | Log(Abs(Tanh(I)))    |
      MUL_ZERO           | I * 0                | 0
      MUL_ZERO           | 0 * I                | 0
      MUL_ZERO           | 1 * I                |
      MUL_ZERO           | 0 + I                |
      MUL_ZERO           | 0 * Log(I)           | 0
      MUL_ZERO           | 0 * Log(I - 1)       |
      MUL_ZERO           | 0 * Sqrt(I)          |
      MUL_ZERO           | 0 * (1 / (I - U))    |
      DIV_ONE            | I / 1                | I
      DIV_ONE            | I / -1               | -I
      DIV_ONE            | I / 2                |
      DIV_ONE            | I * 1                |
      DIV_SAME           | E / E                | 1
      DIV_SAME           | (1 + I) / (1 + I)    | 1
      DIV_SAME           | -U / -U              | 1
      DIV_SAME           | I / I                |
      DIV_SAME           | U / E                |
      DIV_SAME           | U * U                |
      DIV_SAME           | (1 / (I - U)) / (1 / (I - U)) |
      DIV_SIGNS          | -I / U               | -(I / U)
      DIV_SIGNS          | I / -U               | -(I / U)
      DIV_SIGNS          | U / -I               |
      DIV_SIGNS          | Abs(I) / U           |
      DIV_SIGNS          | I / Abs(U)           |
      DIV_SIGNS          | -I * U               |
      DIV_TERM           | (E - U) / E          | 1 + -U / E
      DIV_TERM           | (I + E) / E          | 1 + I / E
      DIV_TERM           | (U - E) / E          | U / E - 1
      DIV_TERM           | (E - I - 2) / E      | 1 + (-2 - I) / E
      DIV_TERM           | (U - I) / I          |
      DIV_TERM           | (I - I) / E          |
      DIV_TERM           | (U + Exp(Exp(E)) * Exp(E) * Exp(E) * Exp(E)) / U |
      DIV_TERM           | (E * U) / E          |
      COLLECT_FACTORS    | U * I                | I * U
      COLLECT_FACTORS    | I * U                |
      COLLECT_FACTORS    | I * (U * E)          | I * U * E
      COLLECT_FACTORS    | 2 * (I * 3)          | 6 * I
      COLLECT_FACTORS    | I * 1                | I
      COLLECT_FACTORS    | I * -1               | -I
      COLLECT_FACTORS    | -I * U               | -(I * U)
      COLLECT_FACTORS    | -I * -U              | I * U
      COLLECT_FACTORS    | -I * 2               | -2 * I
      COLLECT_FACTORS    | 0.5 * I * 2          | I
      COLLECT_FACTORS    | U / I                |
      COLLECT_FACTORS    | 1e150 * (I * 1e-150) |
      COLLECT_FACTORS    | Exp(E) * Exp(I) * (Exp(U) * Exp(U)) | Exp(U) * Exp(U) * (Exp(E) * Exp(I))
      CANCEL_TERMS       | I - I                | 0
      CANCEL_TERMS       | I + U - I            | U
      CANCEL_TERMS       | I - (U + I)          | -U
      CANCEL_TERMS       | I + I - I            | I
      CANCEL_TERMS       | I - U                |
      CANCEL_TERMS       | I * U                |
      CANCEL_TERMS       | Sqrt(I) - Sqrt(I)    |
      COLLECT_TERMS      | U + I                | I + U
      COLLECT_TERMS      | I + U                |
      COLLECT_TERMS      | I + -U               | I - U
      COLLECT_TERMS      | -I + U               | U - I
      COLLECT_TERMS      | I - -U               | I + U
      COLLECT_TERMS      | -I - U               | -(I + U)
      COLLECT_TERMS      | -(I + U)             |
      COLLECT_TERMS      | -(I - U)             | U - I
      COLLECT_TERMS      | I + 0                | I
      COLLECT_TERMS      | 0 - I                | -I
      COLLECT_TERMS      | I - 2                |
      COLLECT_TERMS      | I + 1                | 1 + I
      COLLECT_TERMS      | I + -1               | I - 1
      COLLECT_TERMS      | 1 + (I + 2)          | 3 + I
      COLLECT_TERMS      | 1 + (I - 1)          | I
      COLLECT_TERMS      | 1 - (I - 1)          | 2 - I
      COLLECT_TERMS      | -1 - I - 2           | -3 - I
      COLLECT_TERMS      | -(2 + I)             | -2 - I
      COLLECT_TERMS      | E - (1 + I)          | E - I - 1
      COLLECT_TERMS      | I + (U + E)          | I + U + E
      COLLECT_TERMS      | E + -2 * I           | E - 2 * I
      COLLECT_TERMS      | E - -2 / I           | E + 2 / I
      COLLECT_TERMS      | E + I / -2           | E - I / 2
      COLLECT_TERMS      | E + I / -1e-11       |
      COLLECT_TERMS      | 1 + (-2 - I) / E     | 1 - (2 + I) / E
      COLLECT_TERMS      | E + -2 * I * U       | E - 2 * I * U
      COLLECT_TERMS      | -Abs(I)              |
      COLLECT_TERMS      | 1e308 + 1e308        |
      COLLECT_TERMS      | 1e200 + (I + U)      | 1e200 + (I + U)
      """;

  private static final String TWO_STAGE =
      """
      ORDER_DOT          | Dot(Y, X)            | Dot(X, Y)
      ORDER_DOT          | Dot(X, Y)            |
      ORDER_DOT          | Dot(-X, Y)           | -Dot(X, Y)
      ORDER_DOT          | Dot(X, -Y)           | -Dot(X, Y)
      ORDER_DOT          | Y * X                |
      NEG_INSIDE         | -Dot(2, X)           | Dot(-2, X)
      FOLD_CONSTANTS     | Softmax(3)           |
      FOLD_CONSTANTS     | Dot(2, 3)            | 6
      FOLD_CONSTANTS     | Serf(0)              | 0.5
      """;

  @Test
  void eachDoesWhatItSaysAndNoMore() {
    check(REGRESSION, Branch.REGRESSION);
    check(TWO_STAGE, Branch.TWO_STAGE);
  }

  private static void check(String table, Branch branch) {
    for (String line : table.lines().toList()) {
      String[] cells =
          Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
      Expression node = ExpressionParser.parse(cells[1], branch);
      Optional<Expression> expected =
          cells[2].isEmpty()
              ? Optional.empty()
              : Optional.of(ExpressionParser.parse(cells[2], branch));
      Optional<Expression> next = Rule.valueOf(cells[0]).apply(node);
      assertEquals(expected.filter(result -> !result.equals(node)), next, line);
    }
  }

  @Test
  void everyRuleHasAnExampleAndADescription() {
    Set<Rule> seen = EnumSet.noneOf(Rule.class);
    (REGRESSION + TWO_STAGE)
        .lines()
        .filter(line -> !line.endsWith("|"))
        .forEach(line -> seen.add(Rule.valueOf(line.substring(0, line.indexOf(' ')))));
    assertEquals(EnumSet.allOf(Rule.class), seen);
    for (Rule rule : Rule.values()) {
      assertTrue(rule.description().length() > 5, rule.name());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I | 0 | 1e12 | true",
        "U | 1e-7 | 1e12 | true",
        "I - U | -1e12 | 1e12 | true",
        "-U | -1e12 | -1e-7 | true",
        "I * -U | -1e24 | 0 | true",
        "Abs(-U) | 1e-7 | 1e12 | true",
        "Abs(I - 5) | 0 | 1e12 | true",
        "Exp(I) | 1 | 1.6516362549940018e38 | true",
        "Exp(-I) | 0 | 1 | true",
        "Tanh(I) | -1 | 1 | true",
        "Sin(I) | -1 | 1 | true",
        "Cos(I) | -1 | 1 | true",
        "Relu(I - 5) | 0 | 1e12 | true",
        "Relu(1 + I) | 1 | 1e12 | true",
        "Relu(-U) | 0 | 0 | true",
        "Sig(I) | 0 | 1 | true",
        "Softplus(-U) | 0 | 1 | true",
        "1 / I | 1e-12 | 1e20 | true",
        "I / U | 0 | 1e19 | true",
        "1 / -U | -1e7 | -1e-12 | true",
        "I / -U | -1e19 | 0 | true",
        "1 / (I - U) | -Infinity | Infinity | false",
        "Sqrt(U) | 0 | 1e6 | true",
        "Sqrt(I) | 0 | 1e6 | false",
        "Sqrt(-U) | 0 | 0 | false",
        "Log(I) | -46.05170185988091 | 27.631021115928547 | true",
        "Log(-U) | -Infinity | Infinity | false",
        "Tanh(Log(-U)) | -1 | 1 | false",
        "1e140 * U * I | -Infinity | Infinity | false",
        "2 | 2 | 2 | true"
      })
  void rangesHoldWhatADetectorCanGive(String text, double low, double high, boolean total) {
    Range range = Range.of(ExpressionParser.parse(text, Branch.REGRESSION));
    assertEquals(low, range.low(), 1e-9 * Math.abs(low), text);
    assertEquals(high, range.high(), 1e-9 * Math.abs(high), text);
    assertEquals(total, range.total(), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X | -1e6 | 1e6",
        "Y | 0 | 1",
        "Softmax(X) | 0 | 1",
        "Serf(X) | 0 | 1",
        "Dot(Y,Y) | 0 | 1e4",
        "Dot(X,Y) | -1e10 | 1e10",
        "Dot(1 + Y, 1) | 1 | 2e4",
        "Dot(-1 - Y, 1) | -2e4 | -1"
      })
  void rangesOfClassesToo(String text, double low, double high) {
    assertEquals(
        new Range(low, high, true), Range.of(ExpressionParser.parse(text, Branch.TWO_STAGE)), text);
  }
}
