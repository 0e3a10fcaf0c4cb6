package dev.autoloss.local.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A candidate and what became of it.
 *
 * @param generation 0 for the baseline and the controls
 * @param slot place in the generation, from 0
 * @param id its name, for example {@code g1-c3}
 * @param operation how it came to be, for example Crossover
 * @param control name of the control; absent for all others
 * @param parents what it was bred from
 * @param classification expression in prefix; absent for the detector's default
 * @param regression expression in prefix; absent for the detector's default
 * @param classificationWeight factor of the classification loss
 * @param regressionWeight factor of the regression loss
 * @param learningRate factor of the learning rate
 * @param verdict Survivor (bred from), Finalist or Tested; else the outcome at the last stage, or
 *     Unfinished
 * @param stage last stage that it has entered; absent before the first
 * @param ap mean AP of that stage; absent if no training there was scored
 * @param ap50 mean AP50 of that stage; absent if it is not known of all that were scored
 * @param seconds time of all its trainings, as far as it is known
 * @param failure first failure at that stage; absent if there is none
 * @param trials all its trainings
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CandidateRow(
    int generation,
    int slot,
    String id,
    String operation,
    @Nullable String control,
    List<String> parents,
    @Nullable String classification,
    @Nullable String regression,
    double classificationWeight,
    double regressionWeight,
    double learningRate,
    String verdict,
    @Nullable String stage,
    @JsonProperty("AP") @Nullable Double ap,
    @JsonProperty("AP50") @Nullable Double ap50,
    double seconds,
    @Nullable String failure,
    List<TrialRow> trials) {
  /** Copies the lists. */
  public CandidateRow {
    parents = List.copyOf(parents);
    trials = List.copyOf(trials);
  }
}
