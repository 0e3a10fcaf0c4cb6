package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * How each candidate is trained.
 *
 * @param schedule schedule of a trial
 * @param accelerator what a trial computes on
 * @param boxWeighting how overlap weights the boxes, for candidates and baseline alike
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingPlan(
    @JsonPropertyDescription("Schedule of a trial.") @Default("{}") Schedule schedule,
    @JsonPropertyDescription("What a trial computes on.") @Default("{}") Accelerator accelerator,
    @JsonPropertyDescription("How overlap weights the boxes, for candidates and baseline alike.")
        @Default("Intended")
        BoxWeighting boxWeighting) {}
