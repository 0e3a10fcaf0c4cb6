package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Whether the best loss beats the strongest control.
 *
 * @param result confirmed, NotConfirmed or Unconfirmed
 * @param message why, for a person
 * @param candidate the loss that was judged
 * @param control the strongest of what it had to beat
 * @param difference mean difference of AP over common seeds
 * @param low lower end of the interval of the difference
 * @param high upper end
 * @param n common seeds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerdictStatus(
    @JsonPropertyDescription("Confirmed, NotConfirmed or Unconfirmed.") String result,
    @JsonPropertyDescription("Why, for a person.") String message,
    @JsonPropertyDescription("The loss that was judged.") @Nullable String candidate,
    @JsonPropertyDescription("The strongest of what it had to beat.") @Nullable String control,
    @JsonPropertyDescription("Mean difference of AP over common seeds.")
        @Nullable Double difference,
    @JsonPropertyDescription("Lower end of the interval of the difference.") @Nullable Double low,
    @JsonPropertyDescription("Upper end of the interval of the difference.") @Nullable Double high,
    @JsonPropertyDescription("Common seeds.") @Nullable Integer n) {}
