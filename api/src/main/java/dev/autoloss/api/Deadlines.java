package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How long each phase of an attempt may take.
 *
 * @param pendingSeconds from the Job's creation until its pod runs
 * @param runSeconds of a running pod
 * @param resultGraceSeconds from a finished Job until its message is readable
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Deadlines(
    @JsonPropertyDescription("From the Job's creation until its pod runs.")
        @Default("3600")
        @Min(1)
        @Max(2147483647)
        long pendingSeconds,
    @JsonPropertyDescription("Of a running pod.") @Default("86400") @Min(1) @Max(2147483647)
        long runSeconds,
    @JsonPropertyDescription("From a finished Job until its message is readable.")
        @Default("60")
        @Min(0)
        @Max(2147483647)
        long resultGraceSeconds) {}
