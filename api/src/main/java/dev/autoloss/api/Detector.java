package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * The detector to train, from random weights with GroupNorm.
 *
 * @param architecture kind of detector
 * @param backbone feature network
 * @param preprocessing how pixels become input
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Detector(
    @JsonPropertyDescription("Kind of detector.") @Default("FCOS") Architecture architecture,
    @JsonPropertyDescription("Feature network.") @Default("ResNet50") Backbone backbone,
    @JsonPropertyDescription("How pixels become input.") @Default("{}")
        Preprocessing preprocessing) {}
