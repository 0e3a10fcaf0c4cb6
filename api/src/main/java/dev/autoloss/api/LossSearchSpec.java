package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a LossSearch asks for.
 *
 * @param seed seed of all chance in the search
 * @param suspend holds the search
 * @param suspendPolicy what suspending does to running trials
 * @param detector detector that candidates are trained in
 * @param dataset images and boxes
 * @param space losses that may be proposed
 * @param evolution how losses evolve
 * @param simulation tiny run that candidates have to pass first; left out for none
 * @param training how candidates are trained
 * @param finalists the last rung; left out for none
 * @param trials how the trials run
 * @param budget what the search may spend
 * @param stop when the evolution ends early
 */
@ValidationRule(
    value = "self.seed == oldSelf.seed",
    message = "seed is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.detector == oldSelf.detector",
    message = "detector is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.dataset == oldSelf.dataset",
    message = "dataset is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.space == oldSelf.space",
    message = "space is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.training == oldSelf.training",
    message = "training is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.candidates == oldSelf.evolution.candidates",
    message = "evolution.candidates is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.trained == oldSelf.evolution.trained",
    message = "evolution.trained is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.parents == oldSelf.evolution.parents",
    message = "evolution.parents is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.replicates == oldSelf.evolution.replicates",
    message = "evolution.replicates is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.rates == oldSelf.evolution.rates",
    message = "evolution.rates is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.initial == oldSelf.evolution.initial",
    message = "evolution.initial is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.priors == oldSelf.evolution.priors",
    message = "evolution.priors is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.seeding == oldSelf.evolution.seeding",
    message = "evolution.seeding is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.strategy == oldSelf.evolution.strategy",
    message = "evolution.strategy is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.branchesPerGeneration == oldSelf.evolution.branchesPerGeneration",
    message = "evolution.branchesPerGeneration is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.lookAhead == oldSelf.evolution.lookAhead",
    message = "evolution.lookAhead is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.archive == oldSelf.evolution.archive",
    message = "evolution.archive is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.population == oldSelf.evolution.population",
    message = "evolution.population is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.strategy != 'Generational' || self.evolution.lookAhead == 1",
    message = "evolution.lookAhead: expected 1 with strategy Generational")
@ValidationRule(
    value = "self.evolution.racing == oldSelf.evolution.racing",
    message = "evolution.racing is immutable: make a new LossSearch")
@ValidationRule(
    value =
        "has(self.evolution.simulated) == has(oldSelf.evolution.simulated) && (!has(self.evolution.simulated) || self.evolution.simulated == oldSelf.evolution.simulated)",
    message = "evolution.simulated is immutable: make a new LossSearch")
@ValidationRule(
    value =
        "has(self.evolution.controls) == has(oldSelf.evolution.controls) && (!has(self.evolution.controls) || self.evolution.controls == oldSelf.evolution.controls)",
    message = "evolution.controls is immutable: make a new LossSearch")
@ValidationRule(
    value =
        "has(self.simulation) == has(oldSelf.simulation) && (!has(self.simulation) || self.simulation == oldSelf.simulation)",
    message = "simulation is immutable: make a new LossSearch")
@ValidationRule(
    value =
        "has(self.finalists) == has(oldSelf.finalists) && (!has(self.finalists) || self.finalists == oldSelf.finalists)",
    message = "finalists is immutable: make a new LossSearch")
@ValidationRule(
    value = "self.evolution.candidates >= self.evolution.trained",
    message = "evolution.candidates: expected at least evolution.trained")
@ValidationRule(
    value = "!has(self.evolution.simulated) || has(self.simulation)",
    message = "evolution.simulated: expected to be left out, without simulation")
@ValidationRule(
    value =
        "!has(self.evolution.simulated) || (self.evolution.simulated >= self.evolution.trained && self.evolution.simulated <= self.evolution.candidates)",
    message = "evolution.simulated: expected evolution.trained to evolution.candidates")
@ValidationRule(
    value = "!has(self.dataset.test) || has(self.finalists)",
    message = "dataset.test: expected to be left out, without finalists it is not used")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossSearchSpec(
    @JsonPropertyDescription("Seed of all chance in the search.") @Default("1") long seed,
    @JsonPropertyDescription("Holds the search.") @Default("false") boolean suspend,
    @JsonPropertyDescription("What suspending does to running trials.") @Default("Drain")
        SuspendPolicy suspendPolicy,
    @JsonPropertyDescription("Detector that candidates are trained in.") @Default("{}")
        Detector detector,
    @JsonPropertyDescription("Images and boxes.") @Required Dataset dataset,
    @JsonPropertyDescription("Losses that may be proposed.") @Default("{}") Space space,
    @JsonPropertyDescription("How losses evolve.") @Default("{}") Evolution evolution,
    @JsonPropertyDescription("Tiny run that candidates have to pass first; left out for none.")
        @Nullable Simulation simulation,
    @JsonPropertyDescription("How candidates are trained.") @Default("{}") TrainingPlan training,
    @JsonPropertyDescription("The last rung; left out for none.") @Nullable Finalists finalists,
    @JsonPropertyDescription("How the trials run.") @Default("{}") Trials trials,
    @JsonPropertyDescription("What the search may spend.") @Default("{}") Budget budget,
    @JsonPropertyDescription("When the evolution ends early.") @Default("{}") Stop stop) {}
