package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How often an attempt without a result is repeated, by whose fault it was.
 *
 * @param infrastructure after an eviction, a lost node, a missed start
 * @param trainer after a failure of the trainer itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Retries(
    @JsonPropertyDescription("After an eviction, a lost node, a missed start.")
        @Default("3")
        @Min(0)
        @Max(100)
        int infrastructure,
    @JsonPropertyDescription("After a failure of the trainer itself.")
        @Default("1")
        @Min(0)
        @Max(100)
        int trainer) {}
