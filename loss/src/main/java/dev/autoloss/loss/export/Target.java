package dev.autoloss.loss.export;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Extent;
import dev.autoloss.loss.expression.Printer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A framework that losses are exported to. */
public enum Target {
  /**
   * A file for PyTorch alone: {@code value(…)} of the language's inputs, and a module that makes
   * these of logits, labels and overlaps or of boxes, with the clamps of the published code.
   */
  TORCH("torch"),
  /**
   * A file for mmdetection, 2 or 3: the same, as a class in its registry with the arguments that
   * its heads give to a loss.
   */
  MMDETECTION("mmdetection");

  private final String label;

  Target(String label) {
    this.label = label;
  }

  /**
   * The name on the command line.
   *
   * @return for example {@code torch}
   */
  public String label() {
    return label;
  }

  /**
   * Writes a loss as a Python file that needs nothing but the framework.
   *
   * <p>In double precision its values and gradients are those of the evaluation to about 1e-9
   * relative to the greatest of them.
   *
   * @param expression an expression of the branch
   * @param branch the branch
   * @param name the class's name: a letter, then letters and digits
   * @return the text of the file
   * @throws IllegalArgumentException if the name is none of Python's, or the expression uses an
   *     input of another branch
   */
  public String export(Expression expression, Branch branch, String name) {
    if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "name '" + name + "', expected a letter, then letters and digits");
    }
    if (!branch.variables().containsAll(expression.inputs())) {
      throw new IllegalArgumentException(
          "inputs " + expression.inputs() + ", expected those of " + branch.variables());
    }
    var python = new PythonCode(branch);
    String value = python.of(expression);
    boolean summed = branch.classification() && Extent.of(expression) == Extent.COLUMN;
    String file =
        template(label + ".py")
            .replace("{math}", python.definitions().contains("math.") ? "import math\n\n" : "")
            .replace("{functions}", python.definitions())
            .replace("{inputs}", template("inputs-" + branch.label() + ".py"))
            .replace("{forward}", template(label + "-" + branch.label() + ".py"))
            .replace("{arguments}", python.arguments())
            .replace("{value}", value)
            .replace("{shape}", summed ? "one number a row" : "one number a row and column")
            .replace("{sum}", branch.classification() && !summed ? ".sum(dim=-1)" : "")
            .replace("{name}", name)
            .replace("{branch}", branch.label())
            .replace("{expression}", Printer.prefix(expression))
            .replace("{infix}", Printer.infix(expression));
    return file.stripTrailing() + "\n";
  }

  private static String template(String file) {
    try (InputStream in = Target.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("resource " + file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
