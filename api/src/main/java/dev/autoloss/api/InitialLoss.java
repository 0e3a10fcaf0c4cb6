package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * A loss pair that is in the first population; a branch left out keeps the detector's default.
 *
 * @param classification loss of the class scores
 * @param regression loss of the boxes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InitialLoss(
    @JsonPropertyDescription("Loss of the class scores.") @Nullable LossTerm classification,
    @JsonPropertyDescription("Loss of the boxes.") @Nullable LossTerm regression) {}
