package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
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
        @Pattern(Names.SUBDOMAIN)
        String claimName,
    @JsonPropertyDescription("Folder inside the volume; the root if left out.")
        @Size(min = 1, max = 1024)
        @ValidationRule(value = DataPath.RULE, message = DataPath.MESSAGE)
        @Nullable String subPath) {}
