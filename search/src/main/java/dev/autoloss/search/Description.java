package dev.autoloss.search;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.simplification.Simplifier;
import dev.autoloss.search.screening.Fingerprint;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * By what a loss is known again: each new pair is compared with all that its search has proposed.
 * Remembered as long as the loss is, so that no generation describes the ones before it anew.
 *
 * @param form its canonical text
 * @param fingerprint what it does to a training
 */
record Description(String form, Fingerprint fingerprint) {
  private static final Map<Branch, Map<Expression, Description>> KNOWN =
      Stream.of(Branch.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  Function.identity(),
                  _ -> Collections.synchronizedMap(new WeakHashMap<Expression, Description>())));

  /** Describes a loss of a branch; safe to call from any thread. */
  static Description of(Expression loss, Branch branch) {
    Map<Expression, Description> known = Objects.requireNonNull(KNOWN.get(branch));
    Description description = known.get(loss);
    if (description == null) {
      description =
          new Description(Simplifier.canonical(loss, branch), Fingerprint.of(loss, branch));
      known.put(loss, description);
    }
    return description;
  }
}
