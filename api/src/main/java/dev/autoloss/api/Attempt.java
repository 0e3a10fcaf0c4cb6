package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * One Job of a training.
 *
 * @param number from 1
 * @param job name of the Job
 * @param end result, Infrastructure, Trainer, Stopped, Suspended, Unreported, Document, Data or
 *     Memory; absent while it runs
 * @param reason what ended it, in one word such as ImagePull; while it has no Job: why none was
 *     made
 * @param message what was seen, for a person
 * @param startTime when the Job was created, RFC 3339
 * @param completionTime when its end was seen, RFC 3339
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attempt(
    @JsonPropertyDescription("From 1.") int number,
    @JsonPropertyDescription("Name of the Job.") String job,
    @JsonPropertyDescription(
            "Result, Infrastructure, Trainer, Stopped, Suspended, Unreported, Document, Data or Memory; absent while it runs.")
        @Nullable String end,
    @JsonPropertyDescription(
            "What ended it, in one word such as ImagePull; while it has no Job: why none was made.")
        @Nullable String reason,
    @JsonPropertyDescription("What was seen, for a person.") @Nullable String message,
    @JsonPropertyDescription("When the Job was created, RFC 3339.") @Nullable String startTime,
    @JsonPropertyDescription("When its end was seen, RFC 3339.") @Nullable String completionTime) {}
