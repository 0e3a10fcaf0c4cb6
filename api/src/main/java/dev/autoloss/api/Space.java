package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The losses that may be proposed. Defaults are ours: the limits of the paper are not published,
 * these admit every published winner.
 *
 * @param branches branches that are searched; the other keeps its default
 * @param operators operators by name, for example Add; all if left out
 * @param constants constants of an expression
 * @param maxNodes most nodes of an expression
 * @param maxHeight most edges from the root to a leaf
 * @param areaUnits units of the areas that box losses are written in
 * @param calibrate gives each searched branch the weight with which its gradients are as large as
 *     the default loss's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Space(
    @JsonPropertyDescription("Branches that are searched; the other keeps its default.")
        @Default("[\"Classification\", \"Regression\"]")
        @Size(min = 1, max = 2)
        List<SearchBranch> branches,
    @JsonPropertyDescription("Operators by name, for example Add; all if left out.")
        @Size(min = 1, max = 32)
        @Nullable List<String> operators,
    @JsonPropertyDescription("Constants of an expression.")
        @Default("[1, 2, 3]")
        @Size(min = 1, max = 32)
        List<Double> constants,
    @JsonPropertyDescription("Most nodes of an expression.") @Default("40") @Min(3) @Max(256)
        int maxNodes,
    @JsonPropertyDescription("Most edges from the root to a leaf.") @Default("10") @Min(2) @Max(32)
        int maxHeight,
    @JsonPropertyDescription("Units of the areas that box losses are written in.")
        @Default("Native")
        AreaUnits areaUnits,
    @JsonPropertyDescription(
            "Gives each searched branch the weight with which its gradients are as large as the"
                + " default loss's; else a score is partly that of a larger step.")
        @Default("false")
        boolean calibrate) {}
