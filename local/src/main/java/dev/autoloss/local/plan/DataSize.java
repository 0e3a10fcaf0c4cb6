package dev.autoloss.local.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * How much is trained on.
 *
 * @param images to train on; empty if it is not known
 * @param categories of the boxes; empty if it is not known
 */
public record DataSize(OptionalInt images, OptionalInt categories) {
  /** Nothing is known. */
  public static final DataSize UNKNOWN = new DataSize(OptionalInt.empty(), OptionalInt.empty());

  /** COCO's: no data set is planned for as if it had fewer until that is known. */
  private static final int MOST_CATEGORIES = 80;

  /**
   * Counts images and categories of a COCO file, as a stream.
   *
   * @param annotations the file
   * @return both counts; images without a box, which are not trained on, are counted
   * @throws IOException if it can't be read or is no JSON object, in one line
   */
  public static DataSize of(Path annotations) throws IOException {
    int images = 0;
    int categories = 0;
    try (JsonParser json = new JsonFactory().createParser(annotations.toFile())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException(annotations + ": expected a JSON object");
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "images" -> images = elements(json);
          case "categories" -> categories = elements(json);
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException broken) {
      throw new IOException(
          annotations + ": expected JSON: " + broken.getOriginalMessage(), broken);
    }
    return new DataSize(OptionalInt.of(images), OptionalInt.of(categories));
  }

  private static int elements(JsonParser json) throws IOException {
    int elements = 0;
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        elements++;
        json.skipChildren();
      }
    }
    return elements;
  }

  /**
   * The part of the training images that a rung's epoch sees.
   *
   * @param rung a kind of training
   * @return in 0..1; 1 if it is not known
   */
  public double part(Rung rung) {
    if (rung.imagesPerCategory().isEmpty() || images.isEmpty() || images.getAsInt() == 0) {
      return 1;
    }
    double drawn =
        (double) rung.imagesPerCategory().getAsInt() * categories.orElse(MOST_CATEGORIES);
    // Fewer images than a batch are one step.
    double seen = Math.max(drawn, rung.schedule().batchSize());
    return Math.min(1, seen / images.getAsInt());
  }
}
