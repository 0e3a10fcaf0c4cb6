package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * A generated set of coloured shapes (circle, square, triangle): each trainer draws the same images
 * from the seed.
 *
 * @param seed seed of the drawing
 * @param trainImages images to train on
 * @param validationImages images to validate on
 * @param width width in pixels
 * @param height height in pixels
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ShapesSource(
    @JsonPropertyDescription("Seed of the drawing.") @Default("1") long seed,
    @JsonPropertyDescription("Images to train on.") @Default("96") @Min(1) @Max(10000)
        int trainImages,
    @JsonPropertyDescription("Images to validate on.") @Default("48") @Min(1) @Max(10000)
        int validationImages,
    @JsonPropertyDescription("Width in pixels.") @Default("96") @Min(32) @Max(1024) int width,
    @JsonPropertyDescription("Height in pixels.") @Default("96") @Min(32) @Max(1024) int height) {}
