package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Data on an NFS export, mounted read-only.
 *
 * @param server host name or address
 * @param path exported path
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NfsSource(
    @JsonPropertyDescription("Host name or address.") @Required @Size(min = 1, max = 253)
        String server,
    @JsonPropertyDescription("Exported path.") @Required @Size(max = 4096) @Pattern("^/")
        String path) {}
