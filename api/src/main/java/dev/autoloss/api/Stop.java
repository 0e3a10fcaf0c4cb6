package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * When the evolution ends before its last generation.
 *
 * @param noImprovementGenerations generations without a better candidate after which no other is
 *     proposed; 0 for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Stop(
    @JsonPropertyDescription(
            "Generations without a better candidate after which no other is proposed; 0 for never.")
        @Default("0")
        @Min(0)
        @Max(1000)
        int noImprovementGenerations) {}
