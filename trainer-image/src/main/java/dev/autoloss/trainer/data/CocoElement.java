package dev.autoloss.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.trainer.mask.RunLengths;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One element of an array of a COCO file; reading a field checks it and says where it stands.
 *
 * @param file the file as messages name it
 * @param path the element, for example {@code annotations[17]}
 * @param fields the fields that were read
 */
record CocoElement(String file, String path, Map<String, JsonNode> fields) {
  /** An id: an integer, or a string of digits as some exporters write it. */
  long id(String field) {
    JsonNode node = required(field, "an integer");
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isTextual() && node.textValue().matches("[0-9]{1,18}")) {
      return Long.parseLong(node.textValue());
    }
    throw wrong(field, "an integer", node);
  }

  /** A length in whole pixels. */
  int pixels(String field) {
    JsonNode node = required(field, "an integer above 0");
    if (!node.canConvertToExactIntegral() || !node.canConvertToInt() || node.intValue() < 1) {
      throw wrong(field, "an integer above 0", node);
    }
    return node.intValue();
  }

  String text(String field) {
    JsonNode node = required(field, "a string");
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw wrong(field, "a string that is not empty", node);
    }
    return node.textValue();
  }

  /** A box of ground truth: left, top, width, height; must have an area. */
  double[] box(String field) {
    double[] box = numbers(field);
    if (box[2] <= 0 || box[3] <= 0) {
      throw wrong(field, "a box with width and height above 0", fields.get(field));
    }
    return box;
  }

  /** A box that a detector gave, which may be empty. */
  double[] detectedBox(String field) {
    double[] box = numbers(field);
    if (box[2] < 0 || box[3] < 0) {
      throw wrong(field, "a box with width and height of at least 0", fields.get(field));
    }
    return box;
  }

  private double[] numbers(String field) {
    String expected = "four finite numbers x, y, width, height";
    JsonNode node = required(field, expected);
    if (!node.isArray() || node.size() != 4) {
      throw wrong(field, expected, node);
    }
    double[] box = new double[4];
    for (int i = 0; i < 4; i++) {
      box[i] = node.get(i).isNumber() ? node.get(i).doubleValue() : Double.NaN;
      if (!Double.isFinite(box[i])) {
        throw wrong(field, expected, node);
      }
    }
    return box;
  }

  boolean has(String field) {
    return optional(field).isPresent();
  }

  /** A mask, where there is one. */
  Optional<CocoSegmentation> segmentation(String field) {
    return optional(field).map(node -> segmentation(field, node));
  }

  CocoSegmentation requiredSegmentation(String field) {
    return segmentation(field, required(field, CocoSegmentation.EXPECTED));
  }

  private CocoSegmentation segmentation(String field, JsonNode node) {
    return CocoSegmentation.of(node)
        .orElseThrow(() -> wrong(field, CocoSegmentation.EXPECTED, node));
  }

  /** A mask at the size of its image. */
  RunLengths mask(String field, CocoSegmentation segmentation, CocoImage image) {
    try {
      return segmentation.mask(image.height(), image.width());
    } catch (IllegalArgumentException mistake) {
      throw expected(
          field,
          "a mask of %d × %d pixels, but it has %s"
              .formatted(image.height(), image.width(), mistake.getMessage()));
    }
  }

  double number(String field) {
    return number(field, required(field, "a finite number"));
  }

  Optional<Double> area(String field) {
    Optional<Double> area = optional(field).map(node -> number(field, node));
    if (area.isPresent() && area.get() < 0) {
      throw expected(field, "a number of at least 0, but it is " + area.get());
    }
    return area;
  }

  /** A flag, 0 or 1; absent is 0. */
  boolean flag(String field) {
    Optional<JsonNode> node = optional(field);
    if (node.isPresent() && !node.get().isBoolean() && !node.get().isIntegralNumber()) {
      throw wrong(field, "0 or 1", node.get());
    }
    return node.isPresent() && node.get().asInt() != 0;
  }

  DataException expected(String field, String expectation) {
    return new DataException("%s: %s.%s: expected %s".formatted(file, path, field, expectation));
  }

  private double number(String field, JsonNode node) {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(field, "a finite number", node);
    }
    return node.doubleValue();
  }

  private Optional<JsonNode> optional(String field) {
    return Optional.ofNullable(fields.get(field)).filter(node -> !node.isNull());
  }

  private JsonNode required(String field, String expectation) {
    return optional(field).orElseThrow(() -> expected(field, expectation + ", but there is none"));
  }

  private DataException wrong(String field, String expectation, @Nullable JsonNode found) {
    String text = String.valueOf(found);
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return expected(field, expectation + ", but it is " + shown);
  }
}
