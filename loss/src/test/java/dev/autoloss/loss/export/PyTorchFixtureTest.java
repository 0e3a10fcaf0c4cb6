package dev.autoloss.loss.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Variable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/**
 * What PyTorch computed with exported losses: {@code pytorch.jsonl}, written by {@code
 * e2e/loss-export --write}. Its first line names the version.
 */
class PyTorchFixtureTest {
  private static final double TOLERANCE = 1e-9;

  /** Of gradients below, 1 − tanh² and s (1 − s) have lost the digits that would be compared. */
  private static final double LEAST = 1e-6;

  private static final Pattern LINE =
      Pattern.compile(
          "\\[\"([^\"]*)\",\"([^\"]*)\",\"([^\"]*)\",\\[([^]]*)],\\[([^]]*)],\\[([^]]*)]]");

  @Test
  void exportedLossesGiveOurValuesAndGradients() throws IOException {
    List<String> lines = lines();
    assertTrue(lines.getFirst().startsWith("PyTorch 2.7.1"), lines.getFirst());
    int compared = 0;
    for (String line : lines.subList(1, lines.size())) {
      Matcher parts = LINE.matcher(line);
      assertTrue(parts.matches(), line);
      Branch branch =
          Arrays.stream(Branch.values())
              .filter(one -> one.label().equals(parts.group(2)))
              .findFirst()
              .orElseThrow();
      Expression expression =
          CatalogueLoss.named(parts.group(1))
              .flatMap(CatalogueLoss::expression)
              .orElseGet(() -> ExpressionParser.parse(parts.group(1), branch));
      assertEquals(
          parts.group(3),
          digest(Target.TORCH.export(expression, branch, "Loss")),
          parts.group(1) + ": the exported code has changed; run e2e/loss-export 240 1 --write");
      Evaluation ours = Evaluator.evaluate(expression, inputs(branch, numbers(parts.group(4))));
      List<Variable> by = branch.classification() ? List.of(Variable.X) : branch.variables();
      double[] gradient =
          by.stream().flatMapToDouble(one -> DoubleStream.of(ours.gradient(one))).toArray();
      compared += compare(parts.group(1), numbers(parts.group(5)), ours.value());
      compare(parts.group(1), numbers(parts.group(6)), gradient);
    }
    assertTrue(lines.size() > 250 && compared > 200, compared + " of " + lines.size());
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = PyTorchFixtureTest.class.getResourceAsStream("pytorch.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static String digest(String code) {
    try {
      byte[] bytes = code.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError(missing);
    }
  }

  /** NaN for null, which stands where PyTorch's own number is not settled. */
  private static double[] numbers(String list) {
    return Arrays.stream(list.split(","))
        .mapToDouble(one -> one.equals("null") ? Double.NaN : Double.parseDouble(one))
        .toArray();
  }

  private static Inputs inputs(Branch branch, double[] all) {
    List<Variable> variables = branch.variables();
    int each = all.length / variables.size();
    int rows = 3;
    Map<Variable, double[]> values = new EnumMap<>(Variable.class);
    for (int k = 0; k < variables.size(); k++) {
      values.put(variables.get(k), Arrays.copyOfRange(all, k * each, (k + 1) * each));
    }
    return Inputs.of(branch, rows, each / rows, values);
  }

  /** Differences count as shares of the greatest number, as the script counts them. */
  private static int compare(String loss, double[] expected, double[] found) {
    assertEquals(expected.length, found.length, loss);
    double greatest =
        Arrays.stream(expected).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      if (Double.isFinite(expected[i])) {
        assertEquals(
            expected[i], found[i], TOLERANCE * Math.max(greatest, LEAST), loss + ", number " + i);
      }
    }
    return Arrays.stream(expected).anyMatch(Double::isFinite) ? 1 : 0;
  }
}
