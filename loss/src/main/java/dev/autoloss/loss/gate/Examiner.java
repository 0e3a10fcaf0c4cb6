package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Examines losses of one branch, one after another, by all gates: first by what they read, then at
 * a dozen points, then at all. Has buffers of its own, so each thread has its own; all come to the
 * same verdicts.
 */
public final class Examiner {
  private final Branch branch;
  private final ReadInputs reads;
  private final FirstLook look;
  private final List<Check> checks;
  private final PrefixTree buffer = new PrefixTree();
  private final Program program = new Program();
  private final Registers registers = new Registers();

  Examiner(Branch branch, FirstLook look, List<Check> checks) {
    this.branch = branch;
    this.reads = ReadInputs.of(branch);
    this.look = look;
    this.checks = checks;
  }

  /**
   * What a judgement without words says.
   *
   * @param failed the first gate that the loss fails
   * @param flipped true if it is the loss's negative that passes
   */
  public record Ruling(Optional<Gate> failed, boolean flipped) {
    private static final Ruling UNREAD = new Ruling(Optional.of(Gate.INPUTS), false);
    private static final Ruling PASSED = new Ruling(Optional.empty(), false);
    private static final Ruling FLIPPED = new Ruling(Optional.empty(), true);
  }

  /**
   * The loss that is meant where a ruling says that it is turned.
   *
   * @param loss a loss
   * @return its negative; of a negative, what it is the negative of
   */
  public static Expression negative(Expression loss) {
    return loss instanceof Expression.Unary(var operator, var operand)
            && operator == UnaryOperator.NEG
        ? operand
        : new Expression.Unary(UnaryOperator.NEG, loss);
  }

  /**
   * Judges a loss or, if it goes in the wrong direction, its negative.
   *
   * @param loss a complete tree of the branch
   * @return the gate that it fails, or in which direction it passes
   */
  public Ruling rule(PrefixTree loss) {
    if (!reads.suffice(loss)) {
      return Ruling.UNREAD;
    }
    program.compile(loss, branch);
    FirstLook.Seen seen = look.at(program, registers);
    if (seen.failed().isPresent()) {
      return new Ruling(seen.failed(), false);
    }
    for (Check check : checks) {
      if (check.problem(program, registers, seen.sign()).isPresent()) {
        return new Ruling(Optional.of(check.gate()), false);
      }
    }
    return seen.sign() > 0 ? Ruling.PASSED : Ruling.FLIPPED;
  }

  /**
   * As {@link #rule(PrefixTree)}.
   *
   * @param loss a loss of the branch
   * @return the gate that it fails, or in which direction it passes
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public Ruling rule(Expression loss) {
    buffer.set(loss);
    return rule(buffer);
  }

  /**
   * The loss that was judged last, compiled.
   *
   * @return overwritten by the next judgement
   */
  public Program program() {
    return program;
  }

  /**
   * Registers to run the program in.
   *
   * @return overwritten by the next judgement
   */
  public Registers registers() {
    return registers;
  }

  /**
   * Judges a loss as it is, with words.
   *
   * @param loss a loss of the branch
   * @return accepted, or the gate and a sentence that says why
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public Verdict judge(Expression loss) {
    buffer.set(loss);
    Optional<String> unread = reads.problem(buffer);
    if (unread.isPresent()) {
      return new Verdict.Rejected(Gate.INPUTS, unread.get());
    }
    program.compile(buffer, branch);
    FirstLook.Seen seen = look.at(program, registers);
    if (seen.failed().isPresent()) {
      Gate gate = seen.failed().get();
      Optional<String> words =
          checks.stream()
              .filter(check -> check.gate() == gate)
              .flatMap(check -> check.problem(program, registers, 1).stream())
              .map(Supplier::get)
              .findFirst();
      return new Verdict.Rejected(
          gate,
          words.orElseGet(() -> "at the first points it does not hold that " + gate.description()));
    }
    for (Check check : checks) {
      Optional<Supplier<String>> problem = check.problem(program, registers, 1);
      if (problem.isPresent()) {
        String inverted = seen.sign() < 0 ? "; its negative goes in the right direction" : "";
        return new Verdict.Rejected(check.gate(), problem.get().get() + inverted);
      }
    }
    return new Verdict.Accepted();
  }
}
