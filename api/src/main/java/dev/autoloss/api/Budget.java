package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * What a search may spend. Once a part of it is spent no training starts any more; those at work
 * end. A raised budget is gone on with.
 *
 * @param acceleratorSeconds seconds of all devices together, wasted ones included
 * @param trainings trainings that may start
 * @param wallClockSeconds time since the search was created
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Budget(
    @JsonPropertyDescription("Seconds of all devices together, wasted ones included.") @Min(1)
        @Nullable Long acceleratorSeconds,
    @JsonPropertyDescription("Trainings that may start.") @Min(1) @Nullable Long trainings,
    @JsonPropertyDescription("Time since the search was created.") @Min(1)
        @Nullable Long wallClockSeconds) {}
