package dev.autoloss.loss.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  private static String code(String text, Branch branch) {
    return new PythonCode(branch).of(ExpressionParser.parse(text, branch));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 - I/U | 1 - div(I, U)",
        "I + (U + E) | I + (U + E)",
        "I - (U - E) | I - (U - E)",
        "(I - U) - E | I - U - E",
        "I * (U + E) | I * (U + E)",
        "(I + U) * E | (I + U) * E",
        "I * (U * E) | I * (U * E)",
        "I * U * E | I * U * E",
        "I + U * E | I + U * E",
        "-(I + U) | -(I + U)",
        "-(I * U) | -(I * U)",
        "-Abs(I) | -torch.abs(I)",
        "I * -U | I * -U",
        "I + -2 | I + -2",
        "Exp(I) | exp(I)",
        "Log(I) | log(I)",
        "Sqrt(I) | torch.sqrt(I)",
        "Softplus(I) | softplus(I)",
        "Sig(Tanh(Relu(I))) | torch.sigmoid(torch.tanh(torch.relu(I)))",
        "Sin(Cos(I)) | torch.sin(torch.cos(I))",
        "I * Sin(2) | I * torch.sin(I.new_tensor(2))",
        "1 + 2 | (I.new_tensor(1) + I.new_tensor(2)).expand_as(I)",
        "I + (1 + 2) | I + (I.new_tensor(1) + I.new_tensor(2))",
        "3 | (I.new_tensor(3)).expand_as(I)",
        "1e-20 + I | 1.0E-20 + I",
      })
  void writesRegression(String text, String python) {
    assertEquals(python, code(text, Branch.REGRESSION));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dot(Y,X) | (dot(Y, X)).squeeze(-1)",
        "X + Dot(Y,X) | X + dot(Y, X)",
        "Dot(2,X) | (dot(2, X)).squeeze(-1)",
        "Dot(2,3) | (dot(X.new_tensor(2), X.new_tensor(3))).expand_as(X)",
        "Log(Softmax(X)) | log_softmax(X)",
        "Softmax(X) | torch.softmax(X, dim=-1)",
        "Serf(Serfc(Salf(Sgdf(X)))) | serf(serfc(salf(sgdf(X))))",
      })
  void writesClasses(String text, String python) {
    assertEquals(python, code(text, Branch.TWO_STAGE));
  }

  @Test
  void definesWhatItCallsAndNoMore() {
    for (long seed = 0; seed < 300; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree = new RandomTrees(branch, seed).next(5);
        String file = Target.TORCH.export(tree, branch, "Loss");
        int start = file.indexOf("\ndef value(");
        String value = file.substring(start, file.indexOf("\n\n\n", start));
        for (PythonFunction function : PythonFunction.values()) {
          String name = function.symbol();
          boolean called = value.matches("(?s).*(?<![a-z_.])" + name + "\\(.*");
          assertEquals(
              called, file.contains("\ndef " + name + "("), "seed " + seed + ": " + name + value);
        }
        assertEquals(file.contains("math."), file.contains("import math\n"), "seed " + seed);
        assertFalse(file.contains("{"), file);
      }
    }
  }

  @Test
  void namesTheClassTheLossAndTheArguments() {
    for (CatalogueLoss loss : CatalogueLoss.values()) {
      if (loss.expression().isEmpty()) {
        continue;
      }
      Expression expression = loss.expression().get();
      for (Target target : Target.values()) {
        String file = target.export(expression, loss.branch(), loss.label());
        assertTrue(
            file.startsWith("\"\"\"%s: a %s loss".formatted(loss.label(), loss.branch().label())));
        assertTrue(file.contains("\nclass " + loss.label() + "(nn.Module):\n"), file);
        assertTrue(file.contains("expression  " + expression + "\n"), file);
        assertTrue(file.endsWith("\n") && !file.endsWith("\n\n"), file);
        assertTrue(file.chars().allMatch(c -> c < 128), "ASCII");
        assertEquals(target == Target.MMDETECTION, file.contains("@MODELS.register_module()"));
        assertFalse(file.contains("mmcv") || file.contains("numpy"), file);
      }
    }
    String file = Target.TORCH.export(parsed("X*NY"), Branch.ONE_STAGE, "L");
    assertTrue(file.contains("def value(X, Q, PY, NY):"), file);
    assertTrue(file.contains("loss.sum(dim=-1)"), file);
  }

  private static Expression parsed(String text) {
    return ExpressionParser.parse(text, Branch.ONE_STAGE);
  }

  @Test
  void sumsOverClassesWhatTheLossHasNotSummed() {
    Expression each = ExpressionParser.parse("Neg(Mul(Y,Log(Softmax(X))))", Branch.TWO_STAGE);
    Expression summed = ExpressionParser.parse("Neg(Dot(Y,Log(Softmax(X))))", Branch.TWO_STAGE);
    assertTrue(
        Target.TORCH
            .export(each, Branch.TWO_STAGE, "L")
            .contains("return value(*inputs(logits, labels, overlaps)).sum(dim=-1)\n"));
    assertTrue(
        Target.TORCH
            .export(summed, Branch.TWO_STAGE, "L")
            .contains("return value(*inputs(logits, labels, overlaps))\n"));
    assertTrue(Target.TORCH.export(summed, Branch.TWO_STAGE, "L").contains("one number a row.\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a-b", "a b", "é", "a\n", "_a"})
  void aNameMustBeOneOfPythons(String name) {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Target.TORCH.export(parsed("X"), Branch.ONE_STAGE, name));
    assertTrue(String.valueOf(refused.getMessage()).contains("expected a letter"));
  }

  @Test
  void refusesInputsOfAnotherBranch() {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Target.TORCH.export(parsed("X*Q"), Branch.TWO_STAGE, "L"));
    assertEquals("inputs [X, Q], expected those of [X, Y, Z]", refused.getMessage());
  }

  @Test
  void labelsAreThoseOfTheCommandLine() {
    assertEquals(
        List.of("torch", "mmdetection"), List.of(Target.TORCH.label(), Target.MMDETECTION.label()));
  }
}
