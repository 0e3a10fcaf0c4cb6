package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a DetectorTraining asks for: one detector, trained once with one loss pair and one seed.
 *
 * @param detector detector to train
 * @param dataset images and boxes
 * @param loss loss pair
 * @param schedule how it is trained
 * @param seed seed of all chance in the training
 * @param precision numbers that it computes with; left out, Float32
 * @param accelerator what it computes on
 * @param evaluateOn part of the data that is measured at the end
 * @param acceptance what it must reach
 * @param retries how often failed attempts are repeated
 * @param deadlines how long an attempt may take
 * @param scheduling queue and priority
 * @param pod what the user says of the pod
 * @param checkpoint where checkpoint and result outlive the pod
 */
@ValidationRule(
    value = "self.evaluateOn != 'Test' || has(self.dataset.test)",
    fieldPath = ".evaluateOn",
    message = "expected Train or Validation, without dataset.test")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DetectorTrainingSpec(
    @JsonPropertyDescription("Detector to train.") @Default("{}") Detector detector,
    @JsonPropertyDescription("Images and boxes.") @Required Dataset dataset,
    @JsonPropertyDescription("Loss pair.") @Default("{}") LossChoice loss,
    @JsonPropertyDescription("How it is trained.") @Default("{}") Schedule schedule,
    @JsonPropertyDescription("Seed of all chance in the training.") @Default("1") long seed,
    @JsonPropertyDescription("Numbers that it computes with; left out, Float32.")
        @Nullable Precision precision,
    @JsonPropertyDescription("What it computes on.") @Default("{}") Accelerator accelerator,
    @JsonPropertyDescription("Part of the data that is measured at the end.") @Default("Validation")
        Split evaluateOn,
    @JsonPropertyDescription("What it must reach.") @Default("{}") Acceptance acceptance,
    @JsonPropertyDescription("How often failed attempts are repeated.") @Default("{}")
        Retries retries,
    @JsonPropertyDescription("How long an attempt may take.") @Default("{}") Deadlines deadlines,
    @JsonPropertyDescription("Queue and priority.") @Default("{}") Scheduling scheduling,
    @JsonPropertyDescription("What the user says of the pod.") @Default("{}") PodOptions pod,
    @JsonPropertyDescription("Where checkpoint and result outlive the pod.")
        @Nullable Checkpoint checkpoint) {

  /**
   * A training in single precision.
   *
   * @param detector detector to train
   * @param dataset images and boxes
   * @param loss loss pair
   * @param schedule how it is trained
   * @param seed seed of all chance in the training
   * @param accelerator what it computes on
   * @param evaluateOn part of the data that is measured at the end
   * @param acceptance what it must reach
   * @param retries how often failed attempts are repeated
   * @param deadlines how long an attempt may take
   * @param scheduling queue and priority
   * @param pod what the user says of the pod
   * @param checkpoint where checkpoint and result outlive the pod, or null
   */
  @SuppressWarnings("checkstyle:parameternumber") // The record's own, but for the precision.
  public DetectorTrainingSpec(
      Detector detector,
      Dataset dataset,
      LossChoice loss,
      Schedule schedule,
      long seed,
      Accelerator accelerator,
      Split evaluateOn,
      Acceptance acceptance,
      Retries retries,
      Deadlines deadlines,
      Scheduling scheduling,
      PodOptions pod,
      @Nullable Checkpoint checkpoint) {
    this(
        detector,
        dataset,
        loss,
        schedule,
        seed,
        null,
        accelerator,
        evaluateOn,
        acceptance,
        retries,
        deadlines,
        scheduling,
        pod,
        checkpoint);
  }

  /**
   * The same training with another seed.
   *
   * @param other seed of all chance
   * @return the spec
   */
  public DetectorTrainingSpec withSeed(long other) {
    return new DetectorTrainingSpec(
        detector,
        dataset,
        loss,
        schedule,
        other,
        precision,
        accelerator,
        evaluateOn,
        acceptance,
        retries,
        deadlines,
        scheduling,
        pod,
        checkpoint);
  }

  /**
   * The same training on something else.
   *
   * @param other what it computes on
   * @return the spec
   */
  public DetectorTrainingSpec withAccelerator(Accelerator other) {
    return new DetectorTrainingSpec(
        detector,
        dataset,
        loss,
        schedule,
        seed,
        precision,
        other,
        evaluateOn,
        acceptance,
        retries,
        deadlines,
        scheduling,
        pod,
        checkpoint);
  }
}
