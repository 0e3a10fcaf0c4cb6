package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;

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
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VariationRates(
    @JsonPropertyDescription("One-point subtree crossover.") @Default("0.4") @Min(0)
        double crossover,
    @JsonPropertyDescription("Replaces a subtree by a random one.") @Default("0.2") @Min(0)
        double subtreeMutation,
    @JsonPropertyDescription("Replaces an operator or input by another of its arity.")
        @Default("0.15")
        @Min(0)
        double nodeReplacement,
    @JsonPropertyDescription("Puts an operator above a subtree.") @Default("0.1") @Min(0)
        double insertion,
    @JsonPropertyDescription("Replaces a subtree by one of its own.") @Default("0.1") @Min(0)
        double shrinking,
    @JsonPropertyDescription("Replaces a constant by another of the space.")
        @Default("0.05")
        @Min(0)
        double constantChange,
    @JsonPropertyDescription("Moves constants by a step on the scale of logarithms.")
        @Default("0.1")
        @Min(0)
        double constantTuning) {}
