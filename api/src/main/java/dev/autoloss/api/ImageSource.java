package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Data in a container image, mounted read-only as an image volume.
 *
 * @param reference image with tag or digest
 * @param pullPolicy always, IfNotPresent or Never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSource(
    @JsonPropertyDescription("Image with tag or digest.") @Required @Size(min = 1, max = 1024)
        String reference,
    @JsonPropertyDescription("Always, IfNotPresent or Never.") @Pattern(Names.PULL_POLICY)
        @Nullable String pullPolicy) {}
