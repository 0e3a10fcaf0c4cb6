package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.search.screening.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples of {@code docs/search.md} are children that were really made. With {@code
 * -Ddocs.write=true} they are written anew.
 */
class VariationDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "search.md");
  private static final Path SCHEMA = Path.of("..", "crds", "losssearches.autoloss.dev.yaml");
  private static final SearchSpace SPACE = Searches.space(EnumSet.of(Target.REGRESSION));
  private static final Expression PARENT = parse("Sub(1,Div(Add(I,2),U))");
  private static final Expression MATE = parse("Neg(Log(Div(I,E)))");

  private static Expression parse(String text) {
    return ExpressionParser.parse(text, Branch.REGRESSION);
  }

  /** Children that train like their parent, look like other operations' or are hard to take in. */
  private static boolean dull(Origin how, Expression child) {
    return Fingerprint.of(child, Branch.REGRESSION)
            .equals(Fingerprint.of(PARENT, Branch.REGRESSION))
        || child.size() < 5
        || child.size() > 10
        || (how == Origin.SUBTREE_MUTATION && child.size() <= PARENT.size());
  }

  /** The first child, by seed, that shows what the operation does. */
  @ParameterizedTest
  @CsvSource({
    "CROSSOVER,crossover",
    "SUBTREE_MUTATION,subtreeMutation",
    "NODE_REPLACEMENT,nodeReplacement",
    "INSERTION,insertion",
    "SHRINKING,shrinking",
    "CONSTANT_CHANGE,constantChange",
    "CONSTANT_TUNING,constantTuning"
  })
  void examplesAreTrue(Origin how, String field) throws IOException {
    var variation = new Variation(SPACE, new Vocabulary(SPACE, Branch.REGRESSION));
    int seed = 0;
    Expression child = PARENT;
    while (dull(how, child)) {
      child = variation.vary(how, PARENT, MATE, Chance.of(seed++, 1, 0));
      assertTrue(seed < 1000, "no example of " + how);
    }
    List<List<String>> columns = new ArrayList<>();
    columns.add(column("parent", PARENT));
    if (how == Origin.CROSSOVER) {
      columns.add(column("mate", MATE));
    }
    columns.add(column("child", child));
    assertUpToDate(field, "Rate " + rate(field) + ".\n\n```text\n" + sideBySide(columns) + "```\n");
  }

  private static String rate(String field) throws IOException {
    Matcher rate =
        Pattern.compile("\\n +" + field + ":\\n +default: ([0-9.]+)\\n")
            .matcher(Files.readString(SCHEMA));
    assertTrue(rate.find(), field);
    return rate.group(1);
  }

  private static List<String> column(String title, Expression tree) {
    var lines = new ArrayList<String>();
    lines.add(title);
    lines.add("");
    draw(tree, "", "", lines);
    return lines;
  }

  private static void draw(Expression node, String first, String rest, List<String> lines) {
    switch (node) {
      case Input _, Constant _ -> lines.add(first + node);
      case Unary(var operator, var operand) -> {
        lines.add(first + operator.symbol());
        draw(operand, rest + "└─ ", rest + "   ", lines);
      }
      case Binary(var operator, var left, var right) -> {
        lines.add(first + operator.symbol());
        draw(left, rest + "├─ ", rest + "│  ", lines);
        draw(right, rest + "└─ ", rest + "   ", lines);
      }
    }
  }

  private static String sideBySide(List<List<String>> columns) {
    int height = columns.stream().mapToInt(List::size).max().orElseThrow();
    var text = new StringBuilder();
    for (int row = 0; row < height; row++) {
      int line = row;
      text.append(
          columns.stream()
              .map(column -> "%-20s".formatted(line < column.size() ? column.get(line) : ""))
              .collect(Collectors.joining())
              .stripTrailing());
      text.append('\n');
    }
    return text.toString();
  }

  private static void assertUpToDate(String part, String generated) throws IOException {
    String text = Files.readString(DOCUMENT);
    String begin = "<!-- begin " + part + " -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf("<!-- end " + part + " -->");
    assertTrue(from >= begin.length() && to >= from, "no part " + part);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(DOCUMENT, text.substring(0, from) + generated + text.substring(to));
      return;
    }
    assertEquals(generated, text.substring(from, to), part + ": write it with -Ddocs.write=true");
  }
}
