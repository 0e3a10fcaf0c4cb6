package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * The tiny run before the proxy: a candidate that can't learn a few images by heart falls. Measured
 * on the images that it was trained on; it only kills and never ranks. Number of images and
 * threshold are our choice, the paper's are not published.
 *
 * @param imagesPerCategory images drawn for each category
 * @param schedule how the few images are trained on
 * @param minAP AP below which a candidate falls
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Simulation(
    @JsonPropertyDescription("Images drawn for each category.") @Default("1") @Min(1) @Max(1000)
        int imagesPerCategory,
    @JsonPropertyDescription("How the few images are trained on.") @Required Schedule schedule,
    @JsonPropertyDescription("AP, on the same images, below which a candidate falls.")
        @Default("0.05")
        @Min(0)
        @Max(1)
        double minAP) {}
