package dev.autoloss.trainer.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.autoloss.trainer.mask.RunLengths;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * COCO's results format: a JSON array of {@code {image_id, category_id, bbox, score}}, with {@code
 * segmentation} where there are masks.
 */
public final class CocoResults {
  private CocoResults() {}

  /**
   * Reads detections.
   *
   * @param path the file
   * @param shownName how messages name it
   * @param groundTruth the data set that they belong to
   * @return the boxes in the file's order; those of a category that the ground truth has not are
   *     left out, as pycocotools does
   * @throws DataException if the file is missing or no results, or an image is unknown
   */
  public static List<DetectedBox> read(Path path, String shownName, CocoDataset groundTruth) {
    Map<Long, CocoImage> images = new HashMap<>();
    groundTruth.images().forEach(image -> images.put(image.id(), image));
    Map<Long, Integer> labels = new HashMap<>();
    groundTruth.categories().ids().forEach(id -> labels.put(id, labels.size()));
    List<DetectedBox> boxes = new ArrayList<>();
    CocoReader.readArray(
        path,
        shownName,
        element -> {
          long imageId = element.id("image_id");
          CocoImage image = images.get(imageId);
          if (image == null) {
            throw element.expected(
                "image_id", "an image of %s, but it is %d".formatted(groundTruth.file(), imageId));
          }
          Integer label = labels.get(element.id("category_id"));
          double score = element.number("score");
          Optional<RunLengths> mask =
              element
                  .segmentation("segmentation")
                  .map(found -> element.mask("segmentation", found, image));
          // COCO's results of masks leave the box out.
          double[] box =
              element.has("bbox") || mask.isEmpty()
                  ? element.detectedBox("bbox")
                  : mask.get().bounds();
          if (label != null) {
            boxes.add(new DetectedBox(imageId, label, box[0], box[1], box[2], box[3], score, mask));
          }
        });
    return boxes;
  }

  /**
   * Writes detections.
   *
   * @param out gets the JSON; stays open
   * @param boxes detections
   * @param categories what their labels mean
   * @throws IOException if it cannot be written
   */
  public static void write(OutputStream out, List<DetectedBox> boxes, Categories categories)
      throws IOException {
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartArray();
      for (DetectedBox box : boxes) {
        json.writeStartObject();
        json.writeNumberField("image_id", box.imageId());
        json.writeNumberField("category_id", categories.ids().get(box.label()));
        json.writeFieldName("bbox");
        json.writeArray(new double[] {box.x(), box.y(), box.width(), box.height()}, 0, 4);
        json.writeNumberField("score", box.score());
        if (box.mask().isPresent()) {
          RunLengths mask = box.mask().get();
          json.writeObjectFieldStart("segmentation");
          json.writeFieldName("size");
          json.writeArray(new int[] {mask.height(), mask.width()}, 0, 2);
          json.writeStringField("counts", mask.compressed());
          json.writeEndObject();
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
