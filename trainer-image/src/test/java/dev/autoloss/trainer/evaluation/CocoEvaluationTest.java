package dev.autoloss.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.autoloss.api.Metrics;
import dev.autoloss.trainer.data.Categories;
import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoImage;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.data.Detections;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cases whose numbers follow by hand from COCO's definition. */
class CocoEvaluationTest {
  private static CocoAnnotation object(long image, double x, double side, boolean crowd) {
    return new CocoAnnotation(image, 0, x, 0, side, side, side * side, crowd);
  }

  private static DetectedBox box(long image, double x, double side, double score) {
    return new DetectedBox(image, 0, x, 0, side, side, score);
  }

  private static CocoDataset truth(CocoAnnotation... objects) {
    return new CocoDataset(
        "x",
        new Categories(List.of(1L, 2L), List.of("a", "b")),
        List.of(new CocoImage(1, "a", 999, 99), new CocoImage(2, "b", 999, 99)),
        List.of(objects));
  }

  private static Metrics evaluate(CocoDataset truth, DetectedBox... boxes) {
    return CocoEvaluation.evaluateBoxes(truth, List.of(boxes));
  }

  @Test
  void perfectDetectionsGiveOne() {
    Metrics found = evaluate(truth(object(1, 0, 40, false)), box(1, 0, 40, .3));
    assertEquals(1, found.ap(), 1e-12);
    assertEquals(1, found.apMedium(), 1e-12);
    assertEquals(-1, found.apSmall());
    assertEquals(-1, found.arLarge());
    assertEquals(1, found.ar1());
  }

  @Test
  void nothingFoundIsZeroAndNothingToFindIsMinusOne() {
    assertEquals(0, evaluate(truth(object(1, 0, 40, false))).ap());
    assertEquals(-1, evaluate(truth(), box(1, 0, 40, .3)).ap());
    assertEquals(-1, evaluate(truth(object(1, 0, 40, true)), box(1, 0, 40, .3)).ap());
  }

  @Test
  void aFalsePositiveAheadHalvesThePrecision() {
    Metrics found =
        evaluate(truth(object(1, 0, 40, false)), box(1, 500, 40, .9), box(1, 0, 40, .3));
    assertEquals(.5, found.ap(), 1e-12);
    assertEquals(0, found.ar1());
    assertEquals(1, found.ar10());
  }

  @Test
  void detectionsInACrowdAreNeitherRightNorWrong() {
    Metrics found =
        evaluate(
            truth(object(1, 0, 40, false), object(1, 200, 80, true)),
            box(1, 210, 40, .9),
            box(1, 220, 40, .8),
            box(1, 0, 40, .3));
    assertEquals(1, found.ap(), 1e-12);
  }

  @Test
  void ofTwoDetectionsOfAnObjectTheSecondIsWrong() {
    // The third finds the second object at precision 2/3; recall 1/2 holds for 51 of 101 points.
    Metrics found =
        evaluate(
            truth(object(1, 0, 40, false), object(2, 0, 40, false)),
            box(1, 0, 40, .9),
            box(1, 1, 40, .8),
            box(2, 0, 40, .7));
    assertEquals((51 + 50 * 2 / 3.0) / 101, found.ap50(), 1e-12);
  }

  @Test
  void overlapAtAThresholdCounts() {
    // Half of the object: IoU is exactly .5, which counts at .50 alone.
    Metrics found =
        evaluate(truth(object(1, 0, 40, false)), new DetectedBox(1, 0, 0, 0, 20, 40, .9));
    assertEquals(1, found.ap50(), 1e-12);
    assertEquals(.1, found.ap(), 1e-12);
  }

  @Test
  void unmatchedDetectionsOfAnotherSizeAreIgnoredInARange() {
    Metrics found =
        evaluate(truth(object(1, 0, 40, false)), box(1, 500, 20, .9), box(1, 0, 40, .3));
    assertEquals(.5, found.ap(), 1e-12);
    assertEquals(1, found.apMedium(), 1e-12);
  }

  @Test
  void onlyAHundredDetectionsCount() {
    List<DetectedBox> boxes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boxes.add(box(1, 500, 40, .9));
    }
    boxes.add(box(1, 0, 40, .3));
    CocoDataset truth = truth(object(1, 0, 40, false));
    assertEquals(0, CocoEvaluation.evaluateBoxes(truth, boxes).ar100());
    assertEquals(1, CocoEvaluation.evaluateBoxes(truth, boxes.subList(1, 101)).ar100());
  }

  @Test
  void theDetectorsFormGivesTheSame() {
    Detections detections =
        new Detections(1, new float[] {0, 0, 40, 40}, new float[] {.5f}, new int[] {0});
    assertEquals(
        evaluate(truth(object(1, 0, 40, false)), box(1, 0, 40, .5)),
        CocoEvaluation.evaluate(truth(object(1, 0, 40, false)), List.of(detections)));
  }

  @Test
  void anImageThatIsNotThereIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> evaluate(truth(), box(3, 0, 40, .5)));
  }
}
