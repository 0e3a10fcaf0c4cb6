package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/**
 * The loss pair; a branch that is left out keeps the detector's default.
 *
 * @param classification loss of the class scores
 * @param regression loss of the boxes
 * @param boxWeighting how overlap weights the boxes, for the default loss alike
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossChoice(
    @JsonPropertyDescription("Loss of the class scores.") @Nullable LossTerm classification,
    @JsonPropertyDescription("Loss of the boxes.") @Nullable LossTerm regression,
    @JsonPropertyDescription("How overlap weights the boxes, for the default loss alike.")
        @Default("Intended")
        BoxWeighting boxWeighting) {}
