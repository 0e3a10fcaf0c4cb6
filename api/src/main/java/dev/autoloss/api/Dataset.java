package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The images and boxes of a training.
 *
 * @param source where the data lies
 * @param train images to train on; not with shapes
 * @param validation images to measure on; not with shapes
 * @param test images that only the verdict of a search is measured on; not with shapes
 * @param subset trains on a drawn part
 */
@ValidationRule(
    value = "has(self.source.shapes) != has(self.train)",
    fieldPath = ".train",
    message = "expected, except with shapes, which has its own")
@ValidationRule(
    value = "has(self.source.shapes) != has(self.validation)",
    fieldPath = ".validation",
    message = "expected, except with shapes, which has its own")
@ValidationRule(
    value = "!has(self.source.shapes) || !has(self.test)",
    fieldPath = ".test",
    message = "expected to be left out: shapes has none")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Dataset(
    @JsonPropertyDescription("Where the data lies.") @Required DatasetSource source,
    @JsonPropertyDescription("Images to train on; not with shapes.") @Nullable DatasetSplit train,
    @JsonPropertyDescription("Images to measure on; not with shapes.")
        @Nullable DatasetSplit validation,
    @JsonPropertyDescription(
            "Images that only the verdict of a search is measured on; not with shapes.")
        @Nullable DatasetSplit test,
    @JsonPropertyDescription("Trains on a drawn part.") @Nullable Subset subset) {
  /**
   * Data without a part for a verdict.
   *
   * @param source where the data lies
   * @param train images to train on
   * @param validation images to measure on
   * @param subset trains on a drawn part
   */
  public Dataset(
      DatasetSource source,
      @Nullable DatasetSplit train,
      @Nullable DatasetSplit validation,
      @Nullable Subset subset) {
    this(source, train, validation, null, subset);
  }
}
