package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Trials of a search by what became of them.
 *
 * @param proposed in all
 * @param running with an attempt at work
 * @param scored with metrics
 * @param diverged diverged
 * @param rejected below the accepted AP
 * @param lost without a result
 * @param skipped deleted by a user before their result
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrialCounts(
    @JsonPropertyDescription("In all.") int proposed,
    @JsonPropertyDescription("With an attempt at work.") int running,
    @JsonPropertyDescription("With metrics.") int scored,
    @JsonPropertyDescription("Diverged.") int diverged,
    @JsonPropertyDescription("Below the accepted AP.") int rejected,
    @JsonPropertyDescription("Without a result.") int lost,
    @JsonPropertyDescription("Deleted by a user before their result.") int skipped) {}
