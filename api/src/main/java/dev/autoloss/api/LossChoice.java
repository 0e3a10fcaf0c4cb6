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
 * @param areaUnits units of the areas that the box loss gets; left out: Native
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossChoice(
    @JsonPropertyDescription("Loss of the class scores.") @Nullable LossTerm classification,
    @JsonPropertyDescription("Loss of the boxes.") @Nullable LossTerm regression,
    @JsonPropertyDescription("How overlap weights the boxes, for the default loss alike.")
        @Default("Intended")
        BoxWeighting boxWeighting,
    @JsonPropertyDescription("Units of the areas that the box loss gets; left out: Native.")
        @Nullable AreaUnits areaUnits) {
  /**
   * A pair in native areas.
   *
   * @param classification loss of the class scores
   * @param regression loss of the boxes
   * @param boxWeighting how overlap weights the boxes
   */
  public LossChoice(
      @Nullable LossTerm classification, @Nullable LossTerm regression, BoxWeighting boxWeighting) {
    this(classification, regression, boxWeighting, null);
  }
}
