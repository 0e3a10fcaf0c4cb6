package dev.autoloss.operator.losssearch;

import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.resource.Recorder.Notice;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchSpec;
import java.util.List;
import java.util.Optional;

/** What a step of a search has brought. */
sealed interface StepResult {
  /** What is to be told, once the status stands. */
  List<Notice> notices();

  /** The spec makes no sense; nothing was written. */
  record Invalid(List<String> lines, List<Notice> notices) implements StepResult {}

  /** The ledger can't be trusted; nothing was written. */
  record Damaged(String line, List<Notice> notices) implements StepResult {}

  /**
   * The step was taken.
   *
   * @param ledger the ledger with what was appended
   * @param spec the search's spec
   * @param trials its trials
   * @param events what was appended
   * @param invalid line of a trial whose document or data is wrong
   * @param conflict line of a name that is taken
   * @param exhausted line of a spent budget, once no training is at work any more
   * @param notices what is to be told
   */
  record Taken(
      Ledger ledger,
      SearchSpec spec,
      Trials trials,
      List<SearchEvent> events,
      Optional<String> invalid,
      Optional<String> conflict,
      Optional<String> exhausted,
      List<Notice> notices)
      implements StepResult {}
}
