package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The detector to train.
 *
 * @param architecture kind of detector
 * @param backbone feature network
 * @param style which convolution of a bottleneck has the stride
 * @param norm normalisation of the backbone; left out, GN from random weights and FrozenBN from a
 *     weights file
 * @param frozenStages stages of the backbone that are not trained, the stem with the first one;
 *     left out, 0 from random weights and 1 from a weights file
 * @param weights a .safetensors or .pth file below the root of the data to start from, in
 *     torchvision's or mmdetection's names; left out for random weights
 * @param preprocessing how pixels become input
 * @param compatibility whose detector it is the same as; left out, the published code's
 */
@ValidationRule(
    value =
        "!has(self.compatibility) || self.compatibility != 'Torchvision'"
            + " || (self.architecture in ['FasterRCNN', 'MaskRCNN', 'FCOS']"
            + " && self.style != 'Caffe')",
    fieldPath = ".compatibility",
    message =
        "compatibility Torchvision is for FasterRCNN, MaskRCNN and FCOS with style PyTorch, as"
            + " torchvision has no others")
@ValidationRule(
    value = "has(self.weights) || !has(self.norm) || self.norm != 'FrozenBN'",
    fieldPath = ".norm",
    message = "norm FrozenBN needs weights: from random weights it normalises nothing")
@ValidationRule(
    value = "has(self.weights) || !has(self.frozenStages) || self.frozenStages == 0",
    fieldPath = ".frozenStages",
    message = "frozenStages above 0 need weights: random ones must be trained")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Detector(
    @JsonPropertyDescription("Kind of detector.") @Default("FCOS") Architecture architecture,
    @JsonPropertyDescription("Feature network.") @Default("ResNet50") Backbone backbone,
    @JsonPropertyDescription("Which convolution of a bottleneck has the stride.")
        @Default("PyTorch")
        Style style,
    @JsonPropertyDescription(
            "Normalisation of the backbone; left out, GN from random weights and FrozenBN from a"
                + " weights file.")
        @Nullable Norm norm,
    @JsonPropertyDescription(
            "Stages of the backbone that are not trained, the stem with the first one; left out, 0"
                + " from random weights and 1 from a weights file.")
        @Min(0)
        @Max(4)
        @Nullable Integer frozenStages,
    @JsonPropertyDescription(
            "A .safetensors or .pth file below the root of the data to start from, in torchvision's"
                + " or mmdetection's names; left out for random weights.")
        @Size(min = 1, max = 1024)
        @ValidationRule(value = DataPath.RULE, message = DataPath.MESSAGE)
        @Nullable String weights,
    @JsonPropertyDescription("How pixels become input.") @Default("{}") Preprocessing preprocessing,
    @JsonPropertyDescription(
            "Whose detector it is the same as, number by number, outside of its training: Published"
                + " or Torchvision, which then loads the checkpoint and finds the same; left out,"
                + " Published.")
        @Nullable Compatibility compatibility) {

  /**
   * A detector from random weights.
   *
   * @param architecture kind of detector
   * @param backbone feature network
   * @param preprocessing how pixels become input
   */
  public Detector(Architecture architecture, Backbone backbone, Preprocessing preprocessing) {
    this(architecture, backbone, Style.PYTORCH, null, null, null, preprocessing, null);
  }
}
