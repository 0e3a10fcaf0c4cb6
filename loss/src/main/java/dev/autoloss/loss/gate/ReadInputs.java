package dev.autoloss.loss.gate;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.Optional;

/**
 * What a loss must read to pass {@link Gate#INPUTS}, seen in its text before anything is computed:
 * half of all random losses do not.
 *
 * @param first the input that it must read
 * @param others inputs of which it must read one
 * @param branch whose inputs these are
 */
// Bits of a word are for this check only and never stored: the order of the enum may change.
@SuppressWarnings("EnumOrdinal")
record ReadInputs(Variable first, List<Variable> others, Branch branch) {
  static ReadInputs of(Branch branch) {
    return switch (branch) {
      case TWO_STAGE -> new ReadInputs(Variable.X, List.of(Variable.Y), branch);
      case ONE_STAGE ->
          new ReadInputs(Variable.X, List.of(Variable.Q, Variable.PY, Variable.NY), branch);
      case REGRESSION -> new ReadInputs(Variable.I, List.of(Variable.U, Variable.E), branch);
    };
  }

  /** Whether all is read that must be, or an input of another branch, which compilation refuses. */
  boolean suffice(PrefixTree loss) {
    int read = read(loss);
    boolean foreign = (read & ~bits(branch.variables())) != 0;
    return foreign || ((read & bit(first)) != 0 && (read & bits(others)) != 0);
  }

  /** Why the loss fails, a sentence. */
  Optional<String> problem(PrefixTree loss) {
    if (suffice(loss)) {
      return Optional.empty();
    }
    boolean blind = (read(loss) & bit(first)) == 0;
    String missing =
        blind ? first.name() : String.join(", ", others.stream().map(Enum::name).toList());
    return Optional.of(
        "the loss does not read "
            + missing
            + (blind || others.size() == 1 ? "" : ", any of which would do")
            + ": it ignores "
            + ignored(blind));
  }

  private String ignored(boolean blind) {
    if (branch.classification()) {
      return blind ? "the prediction" : "the label";
    }
    return blind ? "whether boxes meet" : "how large they are";
  }

  private static int read(PrefixTree loss) {
    int read = 0;
    for (int place = 0; place < loss.size(); place++) {
      if (loss.kind(place) == PrefixTree.Kind.INPUT) {
        read |= bit(loss.variable(place));
      }
    }
    return read;
  }

  private static int bits(List<Variable> variables) {
    int bits = 0;
    for (Variable variable : variables) {
      bits |= bit(variable);
    }
    return bits;
  }

  private static int bit(Variable variable) {
    return 1 << variable.ordinal();
  }
}
