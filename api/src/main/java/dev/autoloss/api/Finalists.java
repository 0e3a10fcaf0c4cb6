package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * The last rung: the best losses, the default pair and the best controls, trained with seeds that
 * have selected none of them. With {@code dataset.test} the best of them, the default pair and the
 * strongest control are trained once more, with seeds of their own, and measured there.
 *
 * @param count best losses that enter
 * @param seeds trainings of each
 * @param controls best controls that enter beside the default pair
 * @param schedule schedule of these trainings; left out: that of training
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finalists(
    @JsonPropertyDescription("Best losses that enter.") @Default("3") @Min(1) @Max(20) int count,
    @JsonPropertyDescription("Trainings of each, with seeds that have selected nothing.")
        @Default("5")
        @Min(2)
        @Max(50)
        int seeds,
    @JsonPropertyDescription("Best controls that enter beside the default pair.")
        @Default("2")
        @Min(0)
        @Max(20)
        int controls,
    @JsonPropertyDescription("Schedule of these trainings; left out: that of training.")
        @Nullable Schedule schedule) {}
