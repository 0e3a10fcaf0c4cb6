package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * How losses evolve: in generations over pairs. Numbers are our choice; the paper's are not
 * published.
 *
 * @param generations generations to train
 * @param candidates most losses generated for a generation, before screening
 * @param trained losses of a generation that are trained (top K)
 * @param parents best losses that the next generation is bred from (top P)
 * @param replicates trainings of each candidate, each with its own seed
 * @param rates how often each variation is chosen
 * @param initial losses of the first population
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Evolution(
    @JsonPropertyDescription("Generations to train.") @Default("5") @Min(1) @Max(1000)
        int generations,
    @JsonPropertyDescription("Most losses generated for a generation, before screening.")
        @Default("5000")
        @Min(1)
        @Max(100000)
        int candidates,
    @JsonPropertyDescription("Losses of a generation that are trained (top K).")
        @Default("20")
        @Min(1)
        @Max(500)
        int trained,
    @JsonPropertyDescription("Best losses that the next generation is bred from (top P).")
        @Default("5")
        @Min(1)
        @Max(500)
        int parents,
    @JsonPropertyDescription("Trainings of each candidate, each with its own seed.")
        @Default("1")
        @Min(1)
        @Max(16)
        int replicates,
    @JsonPropertyDescription("How often each variation is chosen.") @Default("{}")
        VariationRates rates,
    @JsonPropertyDescription("Losses of the first population.") @Default("[]") @Size(max = 64)
        List<InitialLoss> initial) {}
