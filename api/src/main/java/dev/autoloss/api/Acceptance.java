package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * What a training must reach.
 *
 * @param minAP AP below which the outcome is Rejected
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Acceptance(
    @JsonPropertyDescription("AP below which the outcome is Rejected.")
        @Default("0")
        @Min(0)
        @Max(1)
        double minAP) {}
