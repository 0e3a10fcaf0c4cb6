package dev.autoloss.operator.report;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.picture.Formula;
import dev.autoloss.search.LossPair;
import java.util.Optional;

/** Losses as short text. */
final class Losses {
  static final String DEFAULT = "the detector's default";

  private static final int LONGEST = 140;

  private Losses() {}

  /** The formula on one line; cut if it is long. */
  static String brief(Optional<Expression> loss) {
    return loss.map(Formula::infix).map(Losses::cut).orElse("default");
  }

  /** Both formulas on one line. */
  static String brief(LossPair losses) {
    return brief(losses.classification()) + "  |  " + brief(losses.regression());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
