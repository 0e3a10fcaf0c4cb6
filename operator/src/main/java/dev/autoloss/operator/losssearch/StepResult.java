package dev.autoloss.operator.losssearch;

import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.resource.Recorder.Notice;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a step of a search has brought. */
sealed interface StepResult {
  /** What is to be told, once the status stands. */
  List<Notice> notices();

  /** The spec makes no sense; nothing was written. */
  record Invalid(List<String> lines, List<Notice> notices) implements StepResult {}

  /** The ledger can't be trusted, or is of a newer format; nothing was written. */
  record Damaged(SearchReason reason, String line, List<Notice> notices) implements StepResult {}

  /** The ledger could not be gone on with, for the reason that is told. */
  record Refused(Halt halt, List<Notice> notices) implements StepResult {}

  /**
   * Why nothing more is tried.
   *
   * @param reason in one word
   * @param line what was seen, where, and what to do
   */
  record Halt(Enum<?> reason, String line) {}

  /**
   * The step was taken.
   *
   * @param ledger the ledger with what was appended
   * @param spec the search's spec
   * @param trials its trials
   * @param events what was appended
   * @param failure why the search is at its end, if it is by its trials' fault
   * @param halt why no more trainings can be made for now
   * @param exhausted line of a spent budget, once no training is at work any more
   * @param ahead when time alone calls for the next step
   * @param notices what is to be told
   */
  record Taken(
      Ledger ledger,
      SearchSpec spec,
      Trials trials,
      List<SearchEvent> events,
      Optional<Halt> failure,
      Optional<Halt> halt,
      Optional<String> exhausted,
      Optional<Instant> ahead,
      List<Notice> notices)
      implements StepResult {}
}
