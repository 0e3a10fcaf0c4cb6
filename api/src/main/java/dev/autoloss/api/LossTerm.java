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
 * A loss of one branch: exactly one of catalogue and expression.
 *
 * @param catalogue name of a known loss: CrossEntropy, Focal, CEI, FLI, QFL, VFL, Poly1,
 *     CseAClassification, CseBClassification, IoU, GIoU, AlphaIoU, CseARegression, CseBRegression,
 *     L1, SmoothL1, DIoU or CIoU, as far as the branch has it
 * @param expression expression, prefix or infix, over the branch's inputs, for example
 *     Sub(1,Div(I,U))
 * @param weight factor of the loss
 */
@ValidationRule(
    value = "has(self.catalogue) != has(self.expression)",
    message = "expected exactly one of catalogue and expression")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossTerm(
    @JsonPropertyDescription(
            "Name of a known loss of the branch: CrossEntropy, CEI, Poly1, Focal, FLI, QFL, VFL, CseAClassification,"
                + " CseBClassification; IoU, GIoU, AlphaIoU, CseARegression, CseBRegression, L1, SmoothL1, DIoU, CIoU.")
        @Size(min = 1, max = 64)
        @Nullable String catalogue,
    @JsonPropertyDescription(
            "Expression over the branch's inputs, in prefix or infix form, for example Sub(1,Div(I,U)).")
        @Size(min = 1, max = 4096)
        @Nullable String expression,
    @JsonPropertyDescription("Factor of the loss.") @Default("1") @Min(0) @Max(1000)
        double weight) {}
