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
 * @param numerics how the expressions are computed
 * @param areaUnits unit of the areas that a regression loss is given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossChoice(
    @JsonPropertyDescription("Loss of the class scores.") @Nullable LossTerm classification,
    @JsonPropertyDescription("Loss of the boxes.") @Nullable LossTerm regression,
    @JsonPropertyDescription("How overlap weights the boxes, for the default loss alike.")
        @Default("Intended")
        BoxWeighting boxWeighting,
    @JsonPropertyDescription("How the expressions are computed.") @Default("Exact")
        Numerics numerics,
    @JsonPropertyDescription("Unit of the areas that a regression loss is given.")
        @Default("Native")
        AreaUnits areaUnits) {

  /**
   * A pair with the published numerics and units.
   *
   * @param classification loss of the class scores
   * @param regression loss of the boxes
   * @param boxWeighting how overlap weights the boxes
   */
  public LossChoice(
      @Nullable LossTerm classification, @Nullable LossTerm regression, BoxWeighting boxWeighting) {
    this(classification, regression, boxWeighting, Numerics.EXACT, AreaUnits.NATIVE);
  }
}
