package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * Where a training keeps its checkpoint and result beyond its pod.
 *
 * @param persistentVolumeClaim claim that is mounted for work; each training has its own folder
 *     there
 * @param everyIterations iterations from one checkpoint to the next
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Checkpoint(
    @JsonPropertyDescription(
            "Claim that is mounted for work; each training has its own folder there.")
        @Required
        ClaimSource persistentVolumeClaim,
    @JsonPropertyDescription("Iterations from one checkpoint to the next.")
        @Default("500")
        @Min(1)
        @Max(1000000)
        int everyIterations) {}
