package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Two categories whose numbers follow by hand, and one of which there is nothing. */
class EvaluateCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /**
   * Of the first category both objects are found, the second one behind a wrong detection; of the
   * second category one of two.
   */
  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("truth.json"),
        """
        {"images": [{"id": 1, "file_name": "a", "width": 500, "height": 500}],
         "categories": [{"id": 3, "name": "a<b"}, {"id": 5, "name": "two"}, {"id": 9, "name": "none"}],
         "annotations": [
          {"id": 1, "image_id": 1, "category_id": 3, "bbox": [0, 0, 40, 40]},
          {"id": 2, "image_id": 1, "category_id": 3, "bbox": [100, 0, 40, 40]},
          {"id": 3, "image_id": 1, "category_id": 5, "bbox": [0, 0, 40, 40]},
          {"id": 4, "image_id": 1, "category_id": 5, "bbox": [200, 0, 40, 40]}]}
        """);
    Files.writeString(
        folder.resolve("found.json"),
        """
        [{"image_id": 1, "category_id": 3, "bbox": [0, 0, 40, 40], "score": 0.9},
         {"image_id": 1, "category_id": 3, "bbox": [300, 300, 40, 40], "score": 0.8},
         {"image_id": 1, "category_id": 3, "bbox": [100, 0, 40, 40], "score": 0.7},
         {"image_id": 1, "category_id": 5, "bbox": [0, 0, 40, 40], "score": 0.6}]
        """);
  }

  private int run(String... options) {
    List<String> all = new ArrayList<>(List.of("evaluate", "--annotations"));
    all.add(folder.resolve("truth.json").toString());
    all.addAll(List.of("--detections", folder.resolve("found.json").toString()));
    all.addAll(List.of(options));
    return TrainerCommand.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  @Test
  void eachCategoryIsInTheTableAndInTheJson() throws IOException {
    assertEquals(0, run("--categories"), err.toString());
    // Precision 1 at 51 of 101 recalls, then 2/3, or nothing.
    double first = (51 + 50 * 2 / 3.) / 101;
    double second = 51 / 101.;
    String line =
        String.format(Locale.ROOT, "       2 %8.4f %8.4f %8.4f   1.0000  a<b", first, first, first);
    assertTrue(out.toString().contains(line), out.toString());
    assertTrue(out.toString().contains("       0  -1.0000  -1.0000  -1.0000  -1.0000  none"));
    out.getBuffer().setLength(0);
    assertEquals(0, run("--categories", "--json"), err.toString());
    JsonNode found = new ObjectMapper().readTree(out.toString());
    assertEquals((first + second) / 2, found.get("AP").doubleValue(), 1e-12);
    JsonNode two = found.get("categories").get(1);
    assertEquals(5, two.get("id").longValue());
    assertEquals("two", two.get("name").textValue());
    assertEquals(2, two.get("objects").intValue());
    assertEquals(second, two.get("AP50").doubleValue(), 1e-12);
    assertEquals(.5, two.get("AR100").doubleValue(), 1e-12);
    assertEquals(3, found.get("categories").size());
  }

  @Test
  void curvesAreThoseOfTheNumbers() throws Exception {
    Path plots = folder.resolve("plots");
    assertEquals(0, run("--plots", plots.toString()), err.toString());
    double[] first = curve(plots.resolve("precision-recall-3.svg"));
    double[] second = curve(plots.resolve("precision-recall-5.svg"));
    double[] all = curve(plots.resolve("precision-recall.svg"));
    for (int point = 0; point < 101; point++) {
      assertEquals(point <= 50 ? 1 : 2 / 3., first[point], 1e-4, "recall of " + point);
      assertEquals(point <= 50 ? 1 : 0, second[point], 1e-4, "recall of " + point);
      assertEquals((first[point] + second[point]) / 2, all[point], 1e-4, "recall of " + point);
    }
    Document nothing = read(plots.resolve("precision-recall-9.svg"));
    assertEquals(0, nothing.getElementsByTagName("polyline").getLength());
    Document named = read(plots.resolve("precision-recall-3.svg"));
    assertEquals("a<b", named.getElementsByTagName("text").item(0).getTextContent());
  }

  private static Document read(Path svg) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
  }

  /** The precisions of the first curve, from its points in the plotting area of 280 pixels. */
  private static double[] curve(Path svg) throws Exception {
    String points =
        read(svg)
            .getElementsByTagName("polyline")
            .item(0)
            .getAttributes()
            .getNamedItem("points")
            .getTextContent();
    String[] all = points.split(" ", -1);
    assertEquals(101, all.length);
    double[] precision = new double[all.length];
    for (int i = 0; i < all.length; i++) {
      String[] pair = all[i].split(",", -1);
      assertEquals(i / 100., (Double.parseDouble(pair[0]) - 48) / 280, 1e-4);
      precision[i] = 1 - (Double.parseDouble(pair[1]) - 36) / 280;
    }
    return precision;
  }

  @Test
  void wrongInputIsNamedInOneLine() throws IOException {
    Files.writeString(folder.resolve("found.json"), "[{\"image_id\": 2}]");
    assertEquals(2, run("--plots", folder.resolve("plots").toString()));
    assertEquals(
        "error: %s: [0].image_id: expected an image of %s, but it is 2"
            .formatted(folder.resolve("found.json"), folder.resolve("truth.json")),
        err.toString().strip());
    assertTrue(Files.notExists(folder.resolve("plots")));
  }
}
