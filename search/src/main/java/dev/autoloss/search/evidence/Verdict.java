package dev.autoloss.search.evidence;

import java.util.Optional;

/** Whether a search found a loss that beats the strongest control. */
public sealed interface Verdict {
  /** Why nothing can be confirmed. */
  enum Reason {
    /** No finalist has a score. */
    NO_FINALIST,
    /** No control has a score. */
    NO_CONTROL,
    /** Finalist and control have fewer than three seeds in common. */
    TOO_FEW_SEEDS,
    /** Scores are of images that took part in choosing. */
    NO_TEST_SPLIT
  }

  /**
   * The comparison that it stands on.
   *
   * @return of the finalist with the clearest gain; empty if there is none to speak of
   */
  Optional<Comparison> comparison();

  /**
   * The finalist beats the strongest control.
   *
   * @param of the comparison that shows it
   */
  record Confirmed(Comparison of) implements Verdict {
    @Override
    public Optional<Comparison> comparison() {
      return Optional.of(of);
    }
  }

  /**
   * No finalist can be told from the strongest control; that none is better is not said.
   *
   * @param of the comparison that came nearest
   */
  record NotConfirmed(Comparison of) implements Verdict {
    @Override
    public Optional<Comparison> comparison() {
      return Optional.of(of);
    }
  }

  /**
   * The scores can't confirm anything.
   *
   * @param reason why
   * @param comparison what the scores show nonetheless
   */
  record Unconfirmed(Reason reason, Optional<Comparison> comparison) implements Verdict {}
}
