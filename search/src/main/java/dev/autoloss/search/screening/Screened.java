package dev.autoloss.search.screening;

import dev.autoloss.loss.expression.Expression;
import java.util.List;

/**
 * What a screening came to.
 *
 * @param candidates losses that were drawn
 * @param seconds how long it took
 * @param stages the funnel, in its order; what leaves one enters the next
 * @param flipped losses that passed all gates turned round, for they went in the wrong direction
 * @param survivors losses that are left, in the order of their numbers; negatives of those that
 *     went in the wrong direction
 */
public record Screened(
    long candidates, double seconds, List<Stage> stages, long flipped, List<Expression> survivors) {
  /** Copies the lists. */
  public Screened {
    stages = List.copyOf(stages);
    survivors = List.copyOf(survivors);
  }

  /**
   * A stage of the funnel.
   *
   * @param name its name
   * @param in losses that enter
   * @param out losses that pass
   * @param seconds time of all threads that went into the losses that fell here; of the last stage
   *     into those that passed, too
   */
  public record Stage(String name, long in, long out, double seconds) {}
}
