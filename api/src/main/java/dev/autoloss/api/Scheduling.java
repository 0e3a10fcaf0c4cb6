package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Queueing and priority of the trial's Job.
 *
 * @param queueName kueue LocalQueue of the Job
 * @param workloadPriorityClass kueue WorkloadPriorityClass of the Job
 * @param priorityClassName priorityClass of the pod
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scheduling(
    @JsonPropertyDescription("Kueue LocalQueue of the Job.")
        @Size(min = 1, max = 63)
        @Pattern(Names.SUBDOMAIN)
        @Nullable String queueName,
    @JsonPropertyDescription("Kueue WorkloadPriorityClass of the Job.")
        @Size(min = 1, max = 63)
        @Pattern(Names.SUBDOMAIN)
        @Nullable String workloadPriorityClass,
    @JsonPropertyDescription("PriorityClass of the pod.")
        @Size(min = 1, max = 253)
        @Pattern(Names.SUBDOMAIN)
        @Nullable String priorityClassName) {}
