package dev.autoloss.loss.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalPlotTest {
  private static List<String> plot(String text, Branch branch, boolean unicode) {
    return TerminalPlot.lines(ExpressionParser.parse(text, branch), branch, unicode);
  }

  @Test
  void drawsALineInPlainCharacters() {
    // A straight line from corner to corner, and its gradient of 1.
    assertEquals(
        List.of(
            "loss",
            "         IoU 0.3       IoU 0.6       IoU 0.9       IoU 1         negative",
            "   8.000             *             *             *             *             *",
            "                   **            **            **            **            **",
            "                ***           ***           ***           ***           ***",
            "         ......*...... ......*...... ......*...... ......*...... ......*......",
            "             **            **            **            **            **",
            "          ***           ***           ***           ***           ***",
            "  -8.000 *             *             *             *             *",
            "         -8          8 -8          8 -8          8 -8          8 -8          8",
            "gradient by the logit"),
        plot("X", Branch.ONE_STAGE, false).subList(0, 11));
  }

  @Test
  void drawsALineInBraille() {
    List<String> lines = plot("X", Branch.ONE_STAGE, true);
    assertEquals("   8.000 ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡠⠊", lines.get(2).substring(0, 22));
    assertEquals("  −8.000 ⡠⠊", lines.get(8).substring(0, 11));
    assertEquals("         −8          8", lines.get(9).substring(0, 22));
  }

  @Test
  void regressionHasItsOwnAxisForEachGradient() {
    List<String> lines = plot("1 - I/U", Branch.REGRESSION, false);
    assertEquals("loss of a 64 px box", lines.getFirst());
    assertTrue(lines.get(1).contains("shift, px"), lines.get(1));
    assertTrue(lines.get(1).contains("scale"), lines.get(1));
    assertTrue(lines.get(1).contains("aspect, equal area"), lines.get(1));
    assertEquals("gradient per pixel, gradient per doubling", lines.get(10));
    assertTrue(lines.get(12).startsWith("   0.0"), lines.get(12));
    assertEquals(3, lines.get(12).split("\\d\\.\\d+", -1).length - 1, lines.get(12));
    assertTrue(lines.get(2).startsWith("   1.000 "), lines.get(2));
    assertTrue(lines.get(8).startsWith("   0.000 *") || lines.get(8).contains("e-"), lines.get(8));
  }

  @Test
  void leavesGapsWhereTheLossIsNoNumber() {
    List<String> lines = plot("Sqrt(X)", Branch.ONE_STAGE, false);
    for (String line : lines.subList(2, 8)) {
      assertTrue(line.length() < 14 || line.substring(9, 14).isBlank(), line);
    }
    assertTrue(lines.get(2).endsWith("*"), lines.get(2));
  }

  @ParameterizedTest
  @EnumSource(
      value = CatalogueLoss.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L1", "SMOOTH_L1", "DIOU", "CIOU"})
  void fitsEightyColumnsAndTheCharactersThatItMayUse(CatalogueLoss loss) {
    for (boolean unicode : new boolean[] {true, false}) {
      for (String line :
          TerminalPlot.lines(loss.expression().orElseThrow(), loss.branch(), unicode)) {
        assertTrue(line.length() <= 80, line);
        assertTrue(unicode || line.chars().allMatch(c -> c < 128), line);
      }
    }
  }

  @Test
  void survivesAnyTree() {
    for (long seed = 0; seed < 200; seed++) {
      for (Branch branch : Branch.values()) {
        for (String line :
            TerminalPlot.lines(new RandomTrees(branch, seed).next(5), branch, false)) {
          assertTrue(line.length() <= 80, "seed " + seed + ": " + line);
        }
      }
    }
  }
}
