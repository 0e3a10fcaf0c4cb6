package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * How far a training is; a line of the trainer's stdout holds one as JSON.
 *
 * @param epoch epoch at work, from 1
 * @param epochs epochs in all
 * @param iteration steps done in all
 * @param iterations steps in all
 * @param loss mean of the total loss over the last steps
 * @param classificationLoss its classification part
 * @param regressionLoss its regression part
 * @param secondsPerIteration time of a step
 * @param remainingSeconds time until the end, as far as can be told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Progress(
    @JsonPropertyDescription("Epoch at work, from 1.") int epoch,
    @JsonPropertyDescription("Epochs in all.") int epochs,
    @JsonPropertyDescription("Steps done in all.") int iteration,
    @JsonPropertyDescription("Steps in all.") int iterations,
    @JsonPropertyDescription("Mean of the total loss over the last steps.") @Nullable Double loss,
    @JsonPropertyDescription("Its classification part.") @Nullable Double classificationLoss,
    @JsonPropertyDescription("Its regression part.") @Nullable Double regressionLoss,
    @JsonPropertyDescription("Time of a step.") double secondsPerIteration,
    @JsonPropertyDescription("Time until the end, as far as can be told.")
        double remainingSeconds) {}
