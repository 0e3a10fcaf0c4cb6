package dev.autoloss.operator.losssearch;

import dev.autoloss.operator.resource.Recorder.Notice;
import dev.autoloss.search.SearchEvent;
import java.util.ArrayList;
import java.util.List;

/** What a step has appended to the ledger, in words. */
final class Story {
  private Story() {}

  /** One notice for all results of a step: many may come at once. */
  static List<Notice> of(List<SearchEvent> events) {
    var notices = new ArrayList<Notice>();
    var results = new ArrayList<String>();
    for (SearchEvent event : events) {
      if (event instanceof SearchEvent.Recorded recorded) {
        results.add(recorded.trial() + ": " + recorded.outcome());
      } else {
        notices.add(notice(event));
      }
    }
    if (!results.isEmpty()) {
      notices.addFirst(Notice.normal("ResultRecorded", String.join(", ", results)));
    }
    return notices;
  }

  private static Notice notice(SearchEvent event) {
    return switch (event) {
      case SearchEvent.Recorded recorded ->
          Notice.normal("ResultRecorded", recorded.trial() + ": " + recorded.outcome());
      case SearchEvent.Proposed proposed ->
          Notice.normal(
              "GenerationProposed",
              "Generation %d: %d candidates of %d generated"
                  .formatted(
                      proposed.generation(),
                      proposed.candidates().size(),
                      proposed.funnel().generated()));
      case SearchEvent.Promoted promoted ->
          Notice.normal(
              "CandidatesPromoted",
              "Generation %d: %d candidates are trained %d times"
                  .formatted(
                      promoted.generation(), promoted.candidates().size(), promoted.replicates()));
      case SearchEvent.Chosen chosen ->
          Notice.normal("FinalistsChosen", chosen.stage() + ": candidates " + chosen.candidates());
      case SearchEvent.Sealed sealed ->
          Notice.normal(
              "GenerationSealed",
              "Generation " + sealed.generation() + ": survivors " + sealed.survivors());
      case SearchEvent.Failed failed -> Notice.warning("SearchFailed", failed.message());
    };
  }
}
