package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * The size that images are brought to, keeping their ratio: the larger scale that keeps both
 * limits.
 *
 * @param shortSide limit of the shorter side in pixels
 * @param longSide limit of the longer side in pixels
 */
@ValidationRule(
    value = "!has(self.shortSide) || !has(self.longSide) || self.shortSide <= self.longSide",
    fieldPath = ".shortSide",
    message = "expected at most longSide")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Resize(
    @JsonPropertyDescription("Limit of the shorter side in pixels.")
        @Default("800")
        @Min(32)
        @Max(4096)
        int shortSide,
    @JsonPropertyDescription("Limit of the longer side in pixels.")
        @Default("1333")
        @Min(32)
        @Max(4096)
        int longSide) {}
