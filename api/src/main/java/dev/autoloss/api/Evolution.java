package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How losses evolve: in generations over pairs. Numbers are our choice; the paper's are not
 * published.
 *
 * @param generations generations to train
 * @param candidates most losses generated for a generation, before screening
 * @param simulated most losses of a generation that enter the simulation; left out with a
 *     simulation: twice trained
 * @param trained losses of a generation that are trained (top K)
 * @param parents best losses that the next generation is bred from (top P)
 * @param replicates most trainings of a candidate, each with its own seed
 * @param racing share of a generation's losses that gets each further replicate; 1 trains all
 *     equally often
 * @param controls what is trained beside the default pair and has to be beaten; left out: all with
 *     finalists, else none
 * @param rates how often each variation is chosen
 * @param initial losses of the first population
 * @param priors losses that other searches found
 * @param seeding what generations without parents are made from
 * @param strategy how the pairs that are bred from are chosen
 * @param branchesPerGeneration which branches a generation varies
 * @param lookAhead generations from parents to their first children
 * @param archive how often a parent is the best of its kind and not one of the best
 * @param population youngest pairs that Aging breeds from
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
    @JsonPropertyDescription(
            "Most losses of a generation that enter the simulation; left out with a simulation:"
                + " twice trained.")
        @Min(1)
        @Max(1000)
        @Nullable Integer simulated,
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
    @JsonPropertyDescription("Most trainings of a candidate, each with its own seed.")
        @Default("1")
        @Min(1)
        @Max(16)
        int replicates,
    @JsonPropertyDescription(
            "Share of a generation's losses that gets each further replicate, the best of those with"
                + " the one before; 1 trains all equally often.")
        @Default("1")
        @Min(0.01)
        @Max(1)
        // An API server compares whole numbers with the minimum's whole part only.
        @ValidationRule(value = "self >= 0.01", message = "expected 0.01 to 1")
        double racing,
    @JsonPropertyDescription(
            "What is trained beside the default pair and has to be beaten; left out: all with"
                + " finalists, else none.")
        @Size(max = 16)
        @Nullable List<ControlName> controls,
    @JsonPropertyDescription("How often each variation is chosen.") @Default("{}")
        VariationRates rates,
    @JsonPropertyDescription("Losses of the first population.") @Default("[]") @Size(max = 64)
        List<InitialLoss> initial,
    @JsonPropertyDescription(
            "Losses that other searches found: trained in the first generation and bred from.")
        @Default("[]")
        @Size(max = 64)
        List<InitialLoss> priors,
    @JsonPropertyDescription(
            "What generations without parents are made from: Catalogue adds the named losses, each"
                + " with each and edited, to Initial, which is initial, priors and the default.")
        @Default("Catalogue")
        Seeding seeding,
    @JsonPropertyDescription(
            "How the pairs that are bred from are chosen: Generational (published), Aging,"
                + " RandomSearch (no evolution) or Vanilla (no gates).")
        @Default("Generational")
        EvolutionStrategy strategy,
    @JsonPropertyDescription("Which branches a generation varies: Joint all, Alternating one.")
        @Default("Joint")
        BranchesPerGeneration branchesPerGeneration,
    @JsonPropertyDescription(
            "Generations from parents to their first children: as many run at once. Generational"
                + " waits for each, which is 1.")
        @Default("1")
        @Min(1)
        @Max(16)
        int lookAhead,
    @JsonPropertyDescription(
            "How often a parent is the best of its kind (size and shape of gradients) and not one"
                + " of the best.")
        @Default("0")
        @Min(0)
        @Max(1)
        double archive,
    @JsonPropertyDescription("Youngest pairs that Aging breeds from.")
        @Default("50")
        @Min(2)
        @Max(500)
        int population) {}
