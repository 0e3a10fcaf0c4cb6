package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How often each variation makes a child; relative, they need not sum to 1.
 *
 * @param crossover one-point subtree crossover
 * @param subtreeMutation replaces a subtree by a random one
 * @param nodeReplacement replaces an operator or input by another of its arity
 * @param insertion puts an operator above a subtree
 * @param shrinking replaces a subtree by one of its own
 * @param constantChange replaces a constant by another of the space
 * @param constantTuning moves constants by a step on the scale of logarithms
 */
@ValidationRule(
    value =
        "!has(self.crossover) || self.crossover + self.subtreeMutation + self.nodeReplacement + self.insertion + self.shrinking + self.constantChange + self.constantTuning > 0.0",
    message = "expected at least one above 0")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VariationRates(
    @JsonPropertyDescription("One-point subtree crossover.") @Default("0.4") @Min(0) @Max(1000)
        double crossover,
    @JsonPropertyDescription("Replaces a subtree by a random one.")
        @Default("0.2")
        @Min(0)
        @Max(1000)
        double subtreeMutation,
    @JsonPropertyDescription("Replaces an operator or input by another of its arity.")
        @Default("0.15")
        @Min(0)
        @Max(1000)
        double nodeReplacement,
    @JsonPropertyDescription("Puts an operator above a subtree.") @Default("0.1") @Min(0) @Max(1000)
        double insertion,
    @JsonPropertyDescription("Replaces a subtree by one of its own.")
        @Default("0.1")
        @Min(0)
        @Max(1000)
        double shrinking,
    @JsonPropertyDescription("Replaces a constant by another of the space.")
        @Default("0.05")
        @Min(0)
        @Max(1000)
        double constantChange,
    @JsonPropertyDescription("Moves constants by a step on the scale of logarithms.")
        @Default("0.1")
        @Min(0)
        @Max(1000)
        double constantTuning) {}
