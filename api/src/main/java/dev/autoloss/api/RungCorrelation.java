package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * How far a cheap rung ranks as a dear one does, over the candidates that both have scored.
 *
 * @param from the cheap one, for example Proxy
 * @param to the dear one, for example Final
 * @param spearman rank correlation, −1 to 1
 * @param n candidates
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RungCorrelation(
    @JsonPropertyDescription("The cheap rung, for example Proxy.") String from,
    @JsonPropertyDescription("The dear rung, for example Final.") String to,
    @JsonPropertyDescription("Spearman's rank correlation, −1 to 1.") double spearman,
    @JsonPropertyDescription("Candidates that both have scored.") int n) {}
