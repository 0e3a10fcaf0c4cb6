package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * How the trials run.
 *
 * @param parallelism trials at once
 * @param retries how often failed attempts are repeated
 * @param maxFailed lost trials of a generation that are borne
 * @param deadlines how long an attempt may take
 * @param scheduling queue and priority
 * @param pod what the user says of the pods
 * @param checkpoint where checkpoints and results outlive the pods
 * @param retain jobs of recorded trials that are kept
 * @param ttlSecondsAfterRecorded time from the record until a Job that is not kept is deleted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Trials(
    @JsonPropertyDescription("Trials at once.") @Default("4") @Min(1) @Max(1000) int parallelism,
    @JsonPropertyDescription("How often failed attempts are repeated.") @Default("{}")
        Retries retries,
    @JsonPropertyDescription("Lost trials of a generation that are borne.")
        @Default("2")
        @Min(0)
        @Max(500)
        int maxFailed,
    @JsonPropertyDescription("How long an attempt may take.") @Default("{}") Deadlines deadlines,
    @JsonPropertyDescription("Queue and priority.") @Default("{}") Scheduling scheduling,
    @JsonPropertyDescription("What the user says of the pods.") @Default("{}") PodOptions pod,
    @JsonPropertyDescription("Where checkpoints and results outlive the pods.")
        @Nullable Checkpoint checkpoint,
    @JsonPropertyDescription("Jobs of recorded trials that are kept.") @Default("Failed")
        JobRetention retain,
    @JsonPropertyDescription("Time from the record until a Job that is not kept is deleted.")
        @Default("300")
        @Min(0)
        @Max(2147483647)
        long ttlSecondsAfterRecorded) {}
