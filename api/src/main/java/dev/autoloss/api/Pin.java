package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * What a search's results are computed with, as its first result told.
 *
 * @param what image, SimulationData, ValidationData or TestData
 * @param digest the image's identity, or the SHA-256 of the data
 * @param trial the trial that told it first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Pin(
    @JsonPropertyDescription("Image, SimulationData, ValidationData or TestData.") String what,
    @JsonPropertyDescription("The image's identity, or the SHA-256 of the data.") String digest,
    @JsonPropertyDescription("The trial that told it first.") String trial) {}
