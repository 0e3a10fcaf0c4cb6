package dev.autoloss.operator.report;

import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.VerdictStatus;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.TrialId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a report tells of.
 *
 * @param name name of the LossSearch; any text
 * @param spec its spec, defaults applied
 * @param classification branch of its classification losses
 * @param state its ledger, folded; may be empty
 * @param verdict whether the best loss beats the strongest control; empty before the end of finals
 * @param measurements what is known of trials beyond their AP; trials may be missing
 * @param locations where things lie that a reader may look for, in the order of the page
 */
public record ReportInput(
    String name,
    LossSearchSpec spec,
    Branch classification,
    SearchState state,
    Optional<VerdictStatus> verdict,
    Map<TrialId, Measurement> measurements,
    List<Location> locations) {

  /** Copies the collections. */
  public ReportInput {
    measurements = Map.copyOf(measurements);
    locations = List.copyOf(locations);
  }

  /**
   * What is known of a trial beyond its AP.
   *
   * @param metrics numbers of its evaluation; empty if it has none
   * @param seconds time of training and evaluation; empty if unknown
   */
  public record Measurement(Optional<Metrics> metrics, OptionalDouble seconds) {}

  /**
   * Where something lies.
   *
   * @param what for example {@code Ledger}
   * @param path a file, a folder or a command that shows it
   */
  public record Location(String what, String path) {}
}
