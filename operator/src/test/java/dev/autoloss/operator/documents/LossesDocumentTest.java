package dev.autoloss.operator.documents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.picture.Formula;
import dev.autoloss.loss.simplification.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/losses.md} says what the code does. */
class LossesDocumentTest {
  private static final String FILE = "losses.md";

  @Test
  void operators() throws IOException {
    var table = new StringBuilder("| operator | value | branches |\n|---|---|---|\n");
    for (BinaryOperator operator : BinaryOperator.values()) {
      table.append(row(operator.symbol() + "(a,b)", operator.definition(), operator::allowedIn));
    }
    for (UnaryOperator operator : UnaryOperator.values()) {
      table.append(row(operator.symbol() + "(x)", operator.definition(), operator::allowedIn));
    }
    Regions.assertUpToDate(FILE, "operators", table.toString());
  }

  private static String row(String symbol, String definition, Predicate<Branch> allowed) {
    String branches =
        Arrays.stream(Branch.values())
            .filter(allowed)
            .map(Branch::label)
            .collect(Collectors.joining(", "));
    return "| `%s` | `%s` | %s |\n".formatted(symbol, definition.replace("|", "\\|"), branches);
  }

  @Test
  void catalogue() throws IOException {
    var table = new StringBuilder("| name | branch | formula | stored form |\n|---|---|---|---|\n");
    for (CatalogueLoss loss : CatalogueLoss.values()) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  loss.label(),
                  loss.branch().label(),
                  loss.expression()
                      .map(Formula::infix)
                      .map(LossesDocumentTest::cell)
                      .orElse("built in"),
                  loss.expression()
                      .map(Printer::prefix)
                      .map(text -> "`" + text + "`")
                      .orElse("none")));
    }
    Regions.assertUpToDate(FILE, "catalogue", table.toString());
  }

  private static String cell(String formula) {
    return formula.replace("|", "\\|").replace("*", "\\*");
  }

  @Test
  void rules() throws IOException {
    var table = new StringBuilder("| rule | does |\n|---|---|\n");
    for (Rule rule : Rule.values()) {
      table.append("| `%s` | %s |\n".formatted(rule, cell(rule.description())));
    }
    Regions.assertUpToDate(FILE, "rules", table.toString());
  }

  @Test
  void gates() throws IOException {
    var table = new StringBuilder("| gate | demands that |\n|---|---|\n");
    for (Gate gate : Gate.values()) {
      table.append("| `%s` | %s |\n".formatted(gate, gate.description()));
    }
    Regions.assertUpToDate(FILE, "gates", table.toString());
  }

  @Test
  void everyInputIsExplained() throws IOException {
    String text = Files.readString(Path.of("..", "docs", FILE));
    for (Branch branch : Branch.values()) {
      for (var variable : branch.variables()) {
        assertTrue(text.contains("`" + new Expression.Input(variable) + "`"), variable.name());
      }
    }
  }
}
