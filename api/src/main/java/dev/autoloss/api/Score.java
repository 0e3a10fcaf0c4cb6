package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * A candidate's result over its replicates.
 *
 * @param candidate its id, for example g1-c3
 * @param classification expression; absent for the detector's default
 * @param regression expression; absent for the detector's default
 * @param meanAP mean AP of the replicates
 * @param spread standard deviation of AP; absent for a single replicate
 * @param n replicates that were scored
 * @param difference mean difference of AP to the default pair's in the same block; absent for the
 *     default pair
 * @param collapsed replicates below half the default pair's AP; absent if there is none
 * @param meanOfOthers mean AP of those that did not collapse; absent if none or all did
 * @param control name of the control; absent for all others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Score(
    @JsonPropertyDescription("Its id, for example g1-c3.") String candidate,
    @JsonPropertyDescription("Expression; absent for the detector's default.")
        @Nullable String classification,
    @JsonPropertyDescription("Expression; absent for the detector's default.")
        @Nullable String regression,
    @JsonPropertyDescription("Mean AP of the replicates.") @JsonProperty("meanAP") double meanAP,
    @JsonPropertyDescription("Standard deviation of AP; absent for a single replicate.")
        @Nullable Double spread,
    @JsonPropertyDescription("Replicates that were scored.") int n,
    @JsonPropertyDescription(
            "Mean difference of AP to the default pair's in the same block; absent for the default"
                + " pair.")
        @Nullable Double difference,
    @JsonPropertyDescription(
            "Replicates below half the default pair's AP; absent if there is none.")
        @Nullable Integer collapsed,
    @JsonPropertyDescription("Mean AP of those that did not collapse; absent if none or all did.")
        @Nullable Double meanOfOthers,
    @JsonPropertyDescription("Name of the control; absent for all others.")
        @Nullable String control) {}
