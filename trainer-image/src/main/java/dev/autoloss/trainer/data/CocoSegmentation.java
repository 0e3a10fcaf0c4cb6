package dev.autoloss.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.trainer.mask.RunLengths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A mask as a COCO file says it, before its image's size is known. */
sealed interface CocoSegmentation {
  /** What a field must hold. */
  String EXPECTED =
      "polygons [[x, y, …], …] of at least three points, or run lengths {size, counts}";

  /** Farthest that a point may lie from the origin, as many times as the image is long. */
  int FARTHEST = 2;

  /** Polygons, each x, y, x, y, …. */
  record Polygons(List<double[]> points) implements CocoSegmentation {}

  /** Run lengths, column by column. */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
  record Counts(int height, int width, int[] counts) implements CocoSegmentation {}

  /** Run lengths as a text. */
  record Compressed(int height, int width, String counts) implements CocoSegmentation {}

  /** Reads a field; empty if it is no mask. */
  static Optional<CocoSegmentation> of(JsonNode node) {
    return node.isArray() ? polygons(node) : runs(node);
  }

  private static Optional<CocoSegmentation> polygons(JsonNode node) {
    List<double[]> polygons = new ArrayList<>();
    for (JsonNode polygon : node) {
      double[] points = new double[polygon.size()];
      for (int i = 0; i < points.length; i++) {
        points[i] = polygon.get(i).isNumber() ? polygon.get(i).doubleValue() : Double.NaN;
        if (!Double.isFinite(points[i])) {
          return Optional.empty();
        }
      }
      if (points.length < 6 || points.length % 2 != 0) {
        return Optional.empty();
      }
      polygons.add(points);
    }
    return polygons.isEmpty() ? Optional.empty() : Optional.of(new Polygons(polygons));
  }

  private static Optional<CocoSegmentation> runs(JsonNode node) {
    JsonNode size = node.path("size");
    JsonNode counts = node.path("counts");
    if (size.size() != 2 || !size.get(0).canConvertToInt() || !size.get(1).canConvertToInt()) {
      return Optional.empty();
    }
    int height = size.get(0).intValue();
    int width = size.get(1).intValue();
    if (counts.isTextual()) {
      return Optional.of(new Compressed(height, width, counts.textValue()));
    }
    int[] lengths = new int[counts.size()];
    for (int i = 0; i < lengths.length; i++) {
      if (!counts.get(i).isIntegralNumber() || !counts.get(i).canConvertToInt()) {
        return Optional.empty();
      }
      lengths[i] = counts.get(i).intValue();
    }
    return counts.isArray() && lengths.length > 0
        ? Optional.of(new Counts(height, width, lengths))
        : Optional.empty();
  }

  /**
   * The mask in an image.
   *
   * @throws IllegalArgumentException with what is wrong, if it does not fit the image
   */
  default RunLengths mask(int height, int width) {
    return switch (this) {
      case Polygons(var points) -> {
        points.forEach(polygon -> near(polygon, FARTHEST * Math.max(height, width)));
        yield RunLengths.of(height, width, points);
      }
      case Counts(int rows, int columns, int[] counts) -> {
        same(rows, columns, height, width);
        yield new RunLengths(height, width, counts);
      }
      case Compressed(int rows, int columns, String counts) -> {
        same(rows, columns, height, width);
        yield RunLengths.parse(height, width, counts);
      }
    };
  }

  private static void near(double[] polygon, int farthest) {
    for (double coordinate : polygon) {
      if (Math.abs(coordinate) > farthest) {
        throw new IllegalArgumentException("a point at " + coordinate);
      }
    }
  }

  private static void same(int rows, int columns, int height, int width) {
    if (rows != height || columns != width) {
      throw new IllegalArgumentException("%d × %d".formatted(rows, columns));
    }
  }
}
