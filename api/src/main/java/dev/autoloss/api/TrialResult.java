package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * What a trainer reports of a training: {@code result.json} and the pod's termination message, at
 * most 1 KiB.
 *
 * @param outcome scored, Diverged or Rejected
 * @param specHash hash of the spec that was trained
 * @param seed seed of the training
 * @param dataDigest SHA-256 over the annotation files and image names
 * @param metrics numbers of the evaluation; absent if Diverged
 * @param seconds time of training and evaluation
 * @param device what it was computed on
 * @param message why it diverged or was rejected
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrialResult(
    @JsonPropertyDescription("Scored, Diverged or Rejected.") Outcome outcome,
    @JsonPropertyDescription("Hash of the spec that was trained.") String specHash,
    @JsonPropertyDescription("Seed of the training.") long seed,
    @JsonPropertyDescription("SHA-256 over the annotation files and image names.")
        String dataDigest,
    @JsonPropertyDescription("Numbers of the evaluation; absent if Diverged.")
        @Nullable Metrics metrics,
    @JsonPropertyDescription("Time of training and evaluation.") double seconds,
    @JsonPropertyDescription("What it was computed on.") String device,
    @JsonPropertyDescription("Why it diverged or was rejected.") @Nullable String message) {}
