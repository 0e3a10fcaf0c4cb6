package dev.autoloss.trainer.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a data set as a COCO file. */
public final class CocoWriter {
  private CocoWriter() {}

  /**
   * Writes the images, boxes and categories; the same bytes for the same data set.
   *
   * @param out gets the JSON; stays open
   * @param dataset what to write
   * @throws IOException if it cannot be written
   */
  public static void write(OutputStream out, CocoDataset dataset) throws IOException {
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeArrayFieldStart("images");
      for (CocoImage image : dataset.images()) {
        json.writeStartObject();
        json.writeNumberField("id", image.id());
        json.writeStringField("file_name", image.fileName());
        json.writeNumberField("width", image.width());
        json.writeNumberField("height", image.height());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("annotations");
      long id = 1;
      for (CocoAnnotation object : dataset.annotations()) {
        writeObject(json, id++, object, dataset.categories());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("categories");
      for (int label = 0; label < dataset.categories().count(); label++) {
        json.writeStartObject();
        json.writeNumberField("id", dataset.categories().ids().get(label));
        json.writeStringField("name", dataset.categories().names().get(label));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void writeObject(
      JsonGenerator json, long id, CocoAnnotation object, Categories categories)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", id);
    json.writeNumberField("image_id", object.imageId());
    json.writeNumberField("category_id", categories.ids().get(object.label()));
    json.writeFieldName("bbox");
    json.writeArray(new double[] {object.x(), object.y(), object.width(), object.height()}, 0, 4);
    json.writeNumberField("area", object.area());
    json.writeNumberField("iscrowd", object.crowd() ? 1 : 0);
    json.writeEndObject();
  }
}
