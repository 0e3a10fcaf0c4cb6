package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a LossSearch is; projected from the ledger, never read back except for the ledger's head.
 *
 * @param observedGeneration generation of the spec that this status tells of
 * @param state where it stands
 * @param generation newest generation
 * @param trials trials by what became of them
 * @param funnel screening of the newest generation
 * @param best at most 5, best first, without the baseline
 * @param baseline the default pair
 * @param controls what has to be beaten beside the default pair, best first
 * @param finals scores of the last rung, best first, default pair and controls among them
 * @param verdict whether the best loss beats the strongest control
 * @param correlations how far cheap rungs rank as dear ones do
 * @param ledger head of the ledger
 * @param pinned what the first results were computed with, which later ones have to be, too
 * @param acceleratorSeconds device time
 * @param conditions accepted, Suspended, Progressing, LedgerHealthy, Complete, Failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossSearchStatus(
    @JsonPropertyDescription("Generation of the spec that this status tells of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Where it stands.") @Nullable SearchPhase state,
    @JsonPropertyDescription("Newest generation.") @Nullable Integer generation,
    @JsonPropertyDescription("Trials by what became of them.") @Nullable TrialCounts trials,
    @JsonPropertyDescription("Screening of the newest generation.") @Nullable FunnelCounts funnel,
    @JsonPropertyDescription("At most 5, best first, without the baseline.")
        @Nullable List<Score> best,
    @JsonPropertyDescription("The default pair.") @Nullable Score baseline,
    @JsonPropertyDescription("What has to be beaten beside the default pair, best first.")
        @Nullable List<Score> controls,
    @JsonPropertyDescription(
            "Scores of the last rung, best first, default pair and controls among them.")
        @Nullable List<Score> finals,
    @JsonPropertyDescription("Whether the best loss beats the strongest control.")
        @Nullable VerdictStatus verdict,
    @JsonPropertyDescription("How far cheap rungs rank as dear ones do.")
        @Nullable List<RungCorrelation> correlations,
    @JsonPropertyDescription("Head of the ledger.") @Nullable LedgerHead ledger,
    @JsonPropertyDescription(
            "What the first results were computed with, which later ones have to be, too.")
        @Nullable List<Pin> pinned,
    @JsonPropertyDescription("Device time.") @Nullable AcceleratorSeconds acceleratorSeconds,
    @JsonPropertyDescription("Accepted, Suspended, Progressing, LedgerHealthy, Complete, Failed.")
        @Nullable List<Condition> conditions) {}
