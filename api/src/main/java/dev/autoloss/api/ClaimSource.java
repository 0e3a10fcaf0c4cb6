package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Data on a PersistentVolumeClaim.
 *
 * @param claimName name of the claim in the resource's namespace
 * @param subPath folder inside the volume; the root if left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClaimSource(
    @JsonPropertyDescription("Name of the claim in the resource's namespace.")
        @Required
        @Size(min = 1, max = 253)
        String claimName,
    @JsonPropertyDescription("Folder inside the volume; the root if left out.") @Size(max = 1024)
        @Nullable String subPath) {}
