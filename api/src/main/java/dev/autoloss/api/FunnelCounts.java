package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;

/**
 * Losses of the newest generation at each step of the screening.
 *
 * @param generated made by variation or at random
 * @param duplicates made before, or that train like a candidate proposed before
 * @param rejected by gate
 * @param trained that passed and are trained
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FunnelCounts(
    @JsonPropertyDescription("Made by variation or at random.") int generated,
    @JsonPropertyDescription("Made before, or that train like a candidate proposed before.")
        int duplicates,
    @JsonPropertyDescription("By gate.") Map<String, Integer> rejected,
    @JsonPropertyDescription("That passed and are trained.") int trained) {}
