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
    value = "self.evolution.strategy != 'Generational' || self.evolution.lookAhead == 1",
    fieldPath = ".evolution.lookAhead",
    message = "expected 1 with strategy Generational")
@ValidationRule(
    value = "self.evolution.candidates >= self.evolution.trained",
    fieldPath = ".evolution.candidates",
    message = "expected at least evolution.trained")
@ValidationRule(
    value = "!has(self.evolution.simulated) || has(self.simulation)",
    fieldPath = ".evolution.simulated",
    message = "expected to be left out, without simulation")
@ValidationRule(
    value =
        "!has(self.evolution.simulated) || (self.evolution.simulated >= self.evolution.trained && self.evolution.simulated <= self.evolution.candidates)",
    fieldPath = ".evolution.simulated",
    message = "expected evolution.trained to evolution.candidates")
@ValidationRule(
    value = "!has(self.dataset.test) || has(self.finalists)",
    fieldPath = ".dataset.test",
    message = "expected to be left out, without finalists it is not used")
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
