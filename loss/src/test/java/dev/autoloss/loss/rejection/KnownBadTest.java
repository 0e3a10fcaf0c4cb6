package dev.autoloss.loss.rejection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of losses that are known to be bad: each is stopped by the gate that should. */
class KnownBadTest {
  private static final Pattern COLUMNS = Pattern.compile(" \\| ");
  private static final String PREDICTIONS = "PREDICTIONS";

  record Known(String name, Branch branch, String gate, String text, String why) {
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
          .map(row -> new Known(row[0], Branch.valueOf(row[1]), row[2], row[3], row[4]))
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
    switch (Gates.published().judge(known.expression(), known.branch())) {
      case Verdict.Rejected(var gate, var reason) ->
          assertEquals(known.gate(), gate.name(), reason);
      case Verdict.Accepted() -> {
        Optional<String> problem =
            PredictionRejection.of(known.branch()).judge(known.expression()).problem();
        assertEquals(known.gate(), problem.isPresent() ? PREDICTIONS : "none", known.why());
        assertEquals(1, problem.orElseThrow().lines().count());
      }
    }
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
