package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/**
 * How each candidate is trained.
 *
 * @param schedule schedule of a trial
 * @param accelerator what a trial computes on
 * @param precision numbers that a trial computes with; left out, Float32
 * @param boxWeighting how overlap weights the boxes, for candidates and baseline alike
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingPlan(
    @JsonPropertyDescription("Schedule of a trial.") @Default("{}") Schedule schedule,
    @JsonPropertyDescription("What a trial computes on.") @Default("{}") Accelerator accelerator,
    @JsonPropertyDescription("Numbers that a trial computes with; left out, Float32.")
        @Nullable Precision precision,
    @JsonPropertyDescription("How overlap weights the boxes, for candidates and baseline alike.")
        @Default("Intended")
        BoxWeighting boxWeighting) {

  /**
   * A plan in single precision.
   *
   * @param schedule schedule of a trial
   * @param accelerator what a trial computes on
   * @param boxWeighting how overlap weights the boxes
   */
  public TrainingPlan(Schedule schedule, Accelerator accelerator, BoxWeighting boxWeighting) {
    this(schedule, accelerator, null, boxWeighting);
  }
}
