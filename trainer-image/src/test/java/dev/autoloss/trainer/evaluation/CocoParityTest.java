package dev.autoloss.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Metrics;
import dev.autoloss.trainer.SharedData;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoReader;
import dev.autoloss.trainer.data.CocoResults;
import dev.autoloss.trainer.data.DetectedBox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers that COCO's own evaluator gave. */
class CocoParityTest {
  static final List<String> NAMES =
      List.of(
          "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");

  static double[] numbers(Metrics m) {
    return new double[] {
      m.ap(), m.ap50(), m.ap75(), m.apSmall(), m.apMedium(), m.apLarge(),
      m.ar1(), m.ar10(), m.ar100(), m.arSmall(), m.arMedium(), m.arLarge()
    };
  }

  @Test
  void hundredImagesOfVal2014() throws IOException {
    Path folder = SharedData.folder("coco_eval_parity");
    CocoDataset truth = CocoReader.read(folder.resolve("instances_val2014_100.json"), "gt");
    List<DetectedBox> boxes =
        CocoResults.read(folder.resolve("instances_val2014_fakebbox100_results.json"), "dt", truth);
    JsonNode expected =
        new ObjectMapper()
            .readTree(folder.resolve("expected.json").toFile())
            .get("instances_val2014_100 + fakebbox100 (iouType bbox)");
    double[] found = numbers(CocoEvaluation.evaluateBoxes(truth, boxes));
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).doubleValue(), found[i], 1e-12, NAMES.get(i));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "instances_val2014_100.json, instances_val2014_fakesegm100_results.json, "
        + "instances_val2014_100 + fakesegm100 (iouType segm)",
    "gt_dataset.json, dt_dataset.json, "
        + "gt_dataset + dt_dataset (iouType segm; dt has only segmentation)"
  })
  void masks(String groundTruth, String detections, String key) throws IOException {
    Path folder = SharedData.folder("coco_eval_parity");
    CocoDataset truth = CocoReader.readMasks(folder.resolve(groundTruth), "gt");
    List<DetectedBox> boxes = CocoResults.read(folder.resolve(detections), "dt", truth);
    JsonNode expected =
        new ObjectMapper().readTree(folder.resolve("expected.json").toFile()).get(key);
    double[] found = numbers(CocoEvaluation.evaluate(truth, boxes, Shape.MASK));
    for (int i = 0; i < found.length; i++) {
      JsonNode number = expected.isArray() ? expected.get(i) : expected.get(NAMES.get(i));
      assertEquals(number.doubleValue(), found[i], 1e-12, NAMES.get(i));
    }
  }

  @Test
  void ignoredObjects() throws IOException {
    Path folder = SharedData.folder("coco_eval_parity");
    CocoDataset truth = CocoReader.read(folder.resolve("gt_ignore_test.json"), "gt");
    List<DetectedBox> boxes =
        CocoResults.read(folder.resolve("dt_ignore_test.json"), "dt", truth).stream()
            .filter(box -> box.score() >= .1)
            .toList();
    JsonNode expected =
        new ObjectMapper()
            .readTree(folder.resolve("expected.json").toFile())
            .get("gt_ignore_test + dt_ignore_test (bbox, faster_coco_eval min_score=0.1)");
    double[] found = numbers(CocoEvaluation.evaluateBoxes(truth, boxes));
    for (int i = 0; i < found.length; i++) {
      if (expected.has(NAMES.get(i))) {
        assertEquals(expected.get(NAMES.get(i)).doubleValue(), found[i], 1e-12, NAMES.get(i));
      }
    }
  }

  /**
   * Thirty drawn sets with many ties, crowds, objects of every size, empty images and classes; the
   * numbers are pycocotools 2.0's ({@code src/test/python/coco_cases.py} draws and evaluates them).
   */
  @Test
  void drawnSets() throws IOException {
    JsonNode cases;
    try (InputStream in = CocoParityTest.class.getResourceAsStream("/coco/cases.json")) {
      cases = new ObjectMapper().readTree(in);
    }
    assertEquals(30, cases.size());
    for (int c = 0; c < cases.size(); c++) {
      Path truthFile = write(cases.get(c).get("groundTruth"));
      Path resultFile = write(cases.get(c).get("detections"));
      CocoDataset truth = CocoReader.read(truthFile, "gt");
      double[] found =
          numbers(CocoEvaluation.evaluateBoxes(truth, CocoResults.read(resultFile, "dt", truth)));
      for (int i = 0; i < found.length; i++) {
        assertEquals(
            cases.get(c).get("expected").get(i).doubleValue(),
            found[i],
            1e-12,
            "case " + c + " " + NAMES.get(i));
      }
    }
  }

  private static Path write(JsonNode json) throws IOException {
    Path file = java.nio.file.Files.createTempFile("coco", ".json");
    file.toFile().deleteOnExit();
    new ObjectMapper().writeValue(file.toFile(), json);
    return file;
  }
}
