package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Device time of a search.
 *
 * @param useful of attempts that brought a result
 * @param wasted of the others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AcceleratorSeconds(
    @JsonPropertyDescription("Of attempts that brought a result.") double useful,
    @JsonPropertyDescription("Of the others.") double wasted) {}
