package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Losses of the newest generation at each step of the screening.
 *
 * @param generated made by variation or at random
 * @param duplicates made before, or that train like a candidate proposed before
 * @param rejected by gate
 * @param simulated that passed the screening and entered the simulation; absent without one
 * @param passed that passed the simulation; absent without one
 * @param trained that entered the proxy
 * @param simulationSeconds time of the simulation's trainings, as far as it is known
 * @param trainingSeconds time of the proxy's trainings, as far as it is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FunnelCounts(
    @JsonPropertyDescription("Made by variation or at random.") int generated,
    @JsonPropertyDescription("Made before, or that train like a candidate proposed before.")
        int duplicates,
    @JsonPropertyDescription("By gate.") Map<String, Integer> rejected,
    @JsonPropertyDescription(
            "That passed the screening and entered the simulation; absent without one.")
        @Nullable Integer simulated,
    @JsonPropertyDescription("That passed the simulation; absent without one.")
        @Nullable Integer passed,
    @JsonPropertyDescription("That entered the proxy.") int trained,
    @JsonPropertyDescription("Time of the simulation's trainings, as far as it is known.")
        @Nullable Double simulationSeconds,
    @JsonPropertyDescription("Time of the proxy's trainings, as far as it is known.")
        @Nullable Double trainingSeconds) {}
