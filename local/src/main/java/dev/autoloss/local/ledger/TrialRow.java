package dev.autoloss.local.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A training of a candidate.
 *
 * @param trial its name, for example {@code g1-c3-p0}
 * @param stage Simulation, Proxy, Final or Test
 * @param replicate which of the candidate's trainings in the stage, from 0
 * @param seed seed of the training
 * @param outcome Scored, Diverged, Rejected, Lost or Skipped; absent if there is none yet
 * @param ap in 0..1; absent if it was not scored
 * @param ap50 AP at IoU .50; absent if it was not scored, or is not known any more
 * @param seconds time of training and evaluation; absent if it is not known
 * @param failure why there is no score; absent if there is one, or it is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrialRow(
    String trial,
    String stage,
    int replicate,
    long seed,
    @Nullable String outcome,
    @JsonProperty("AP") @Nullable Double ap,
    @JsonProperty("AP50") @Nullable Double ap50,
    @Nullable Double seconds,
    @Nullable String failure) {}
