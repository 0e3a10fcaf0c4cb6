package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * A linear rise of the learning rate at the start.
 *
 * @param iterations iterations until the full rate; 0 for none
 * @param ratio share of the full rate at the first iteration
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WarmUp(
    @JsonPropertyDescription("Iterations until the full rate; 0 for none.")
        @Default("0")
        @Min(0)
        @Max(100000)
        int iterations,
    @JsonPropertyDescription("Share of the full rate at the first iteration.")
        @Default("0.1")
        @Min(0)
        @Max(1)
        double ratio) {}
