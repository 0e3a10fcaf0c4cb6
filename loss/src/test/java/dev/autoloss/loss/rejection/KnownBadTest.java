package dev.autoloss.loss.rejection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of losses that are known to be bad: each is stopped by the gate that should. */
class KnownBadTest {
  private static final Pattern COLUMNS = Pattern.compile(" \\| ");

  record Known(String name, Branch branch, Gate gate, String text, String why) {
    Expression expression() {
      return ExpressionParser.parse(text, branch);
    }

    @Override
    public String toString() {
      return branch.label() + ": " + name;
    }
  }

  private static List<Known> list() {
    try (InputStream in = KnownBadTest.class.getResourceAsStream("known-bad.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> COLUMNS.split(line))
          .map(
              row ->
                  new Known(row[0], Branch.valueOf(row[1]), Gate.valueOf(row[2]), row[3], row[4]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Known> known() {
    return list().stream();
  }

  @ParameterizedTest
  @MethodSource("known")
  void isRejectedByTheGateThatShould(Known known) {
    Verdict verdict = Gates.published().judge(known.expression(), known.branch());
    if (verdict instanceof Verdict.Accepted) {
      verdict = PredictionRejection.of(known.branch()).verdict(known.expression());
    }
    var rejected = assertInstanceOf(Verdict.Rejected.class, verdict, known.why());
    assertEquals(known.gate(), rejected.gate(), rejected.reason());
    assertEquals(1, rejected.reason().lines().count());
  }

  @Test
  void coversEveryGateOfEveryBranch() {
    assertTrue(list().size() >= 60, () -> list().size() + " losses");
    for (Branch branch : Branch.values()) {
      assertEquals(
          4,
          known().filter(one -> one.branch() == branch).map(Known::gate).distinct().count(),
          branch.label());
    }
    assertEquals(
        list().size(), known().map(one -> one.branch() + one.name()).distinct().count(), "names");
  }
}
