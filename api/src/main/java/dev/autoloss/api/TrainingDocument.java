package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * What a pod reads from the environment variable {@value #VARIABLE}.
 *
 * @param name name of the DetectorTraining
 * @param specHash hash of the spec
 * @param spec what to train
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingDocument(
    @JsonPropertyDescription("Name of the DetectorTraining.") String name,
    @JsonPropertyDescription("Hash of the spec.") String specHash,
    @JsonPropertyDescription("What to train.") DetectorTrainingSpec spec) {
  /** The environment variable that holds the document as JSON. */
  public static final String VARIABLE = "AUTOLOSS_TRAINING";
}
