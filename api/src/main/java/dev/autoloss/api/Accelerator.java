package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a training computes on.
 *
 * @param resourceName extended resource of the device
 * @param count devices of a training; 0 trains on CPU
 * @param cpuThreads threads of the trainer's arithmetic; part of the document, so that a score does
 *     not depend on the machine; replicas share them
 * @param replicas copies of the detector that train on CPU side by side, each on an equal part of
 *     every batch; left out, 1; with devices each has one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Accelerator(
    @JsonPropertyDescription("Extended resource of the device.")
        @Default("nvidia.com/gpu")
        @Size(min = 1, max = 253)
        String resourceName,
    @JsonPropertyDescription("Devices of a training; 0 trains on CPU.")
        @Default("1")
        @Min(0)
        @Max(8)
        int count,
    @JsonPropertyDescription(
            "Threads of the trainer's arithmetic; part of the document, so that a score does not depend on the machine.")
        @Default("2")
        @Min(1)
        @Max(256)
        int cpuThreads,
    @JsonPropertyDescription(
            "Copies of the detector that train on CPU side by side, each on a part of every batch; left out, 1.")
        @Min(1)
        @Max(8)
        @Nullable Integer replicas) {

  /**
   * What one replica, or one a device, computes on.
   *
   * @param resourceName extended resource of the device
   * @param count devices of a training
   * @param cpuThreads threads of the trainer's arithmetic
   */
  public Accelerator(String resourceName, int count, int cpuThreads) {
    this(resourceName, count, cpuThreads, null);
  }
}
