package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * One part of a data set in COCO format.
 *
 * @param annotations COCO JSON file, relative to the root of the data
 * @param images folder of the images, relative to the root of the data
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetSplit(
    @JsonPropertyDescription("COCO JSON file, relative to the root of the data.")
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(value = DataPath.RULE, message = DataPath.MESSAGE)
        String annotations,
    @JsonPropertyDescription("Folder of the images, relative to the root of the data.")
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(value = DataPath.RULE, message = DataPath.MESSAGE)
        String images) {}
