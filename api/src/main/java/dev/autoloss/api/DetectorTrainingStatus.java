package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a DetectorTraining; written by its own reconciler alone.
 *
 * @param observedGeneration generation of the spec that this status tells of
 * @param state where it stands
 * @param specHash hash of the spec
 * @param outcome what became of it, once it stands
 * @param message reason of the outcome or failure
 * @param metrics numbers of the evaluation
 * @param seconds time of training and evaluation
 * @param progress how far the running attempt is
 * @param attempts jobs so far, the newest last
 * @param image trainer image that was run, with digest where known
 * @param dataDigest digest of the data that was trained on
 * @param device what it was computed on
 * @param conditions accepted, Progressing, Complete, Failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DetectorTrainingStatus(
    @JsonPropertyDescription("Generation of the spec that this status tells of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Where it stands.") @Nullable TrainingState state,
    @JsonPropertyDescription("Hash of the spec.") @Nullable String specHash,
    @JsonPropertyDescription("What became of it, once it stands.") @Nullable Outcome outcome,
    @JsonPropertyDescription("Reason of the outcome or failure.") @Nullable String message,
    @JsonPropertyDescription("Numbers of the evaluation.") @Nullable Metrics metrics,
    @JsonPropertyDescription("Time of training and evaluation.") @Nullable Double seconds,
    @JsonPropertyDescription("How far the running attempt is.") @Nullable Progress progress,
    @JsonPropertyDescription("Jobs so far, the newest last.") @Nullable List<Attempt> attempts,
    @JsonPropertyDescription("Trainer image that was run, with digest where known.")
        @Nullable String image,
    @JsonPropertyDescription("Digest of the data that was trained on.") @Nullable String dataDigest,
    @JsonPropertyDescription("What it was computed on.") @Nullable String device,
    @JsonPropertyDescription("Accepted, Progressing, Complete, Failed.")
        @Nullable List<Condition> conditions) {}
