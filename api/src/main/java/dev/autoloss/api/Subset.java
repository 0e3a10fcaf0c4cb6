package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * A smaller training set, drawn by seed.
 *
 * @param imagesPerCategory images drawn for each category
 * @param seed seed of the drawing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Subset(
    @JsonPropertyDescription("Images drawn for each category.") @Required @Min(1) @Max(100000)
        int imagesPerCategory,
    @JsonPropertyDescription("Seed of the drawing.") @Default("1") long seed) {}
