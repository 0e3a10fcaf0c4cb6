package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * The newest segment of a search's ledger.
 *
 * @param segments segments so far
 * @param digest SHA-256 of the newest
 * @param events events in all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LedgerHead(
    @JsonPropertyDescription("Segments so far.") int segments,
    @JsonPropertyDescription("SHA-256 of the newest.") String digest,
    @JsonPropertyDescription("Events in all.") long events) {}
