package dev.autoloss.trainer.fit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Detector;
import dev.autoloss.api.Resize;
import dev.autoloss.trainer.data.Categories;
import java.util.Optional;

/**
 * What must be known to use weights: it stands in the header of a checkpoint.
 *
 * @param detector which they are of
 * @param resize the size that images are brought to
 * @param categories the classes
 */
public record ModelDescription(Detector detector, Resize resize, Categories categories) {
  /** Key in a checkpoint's header. */
  public static final String KEY = "model";

  /**
   * Writes it.
   *
   * @return JSON
   */
  public String json() {
    try {
      return new ObjectMapper().writeValueAsString(this);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads it.
   *
   * @param json as {@link #json} writes it
   * @return the description; empty if it is none
   */
  public static Optional<ModelDescription> parse(String json) {
    try {
      return Optional.ofNullable(new ObjectMapper().readValue(json, ModelDescription.class))
          .filter(ModelDescription::isWhole);
    } catch (JsonProcessingException none) {
      return Optional.empty();
    }
  }

  /** A field that is missing is null, whatever its type says. */
  @SuppressWarnings({"ConstantValue", "UnnecessaryNullCheck"})
  private static boolean isWhole(ModelDescription read) {
    return read.detector != null && read.resize != null && read.categories != null;
  }
}
