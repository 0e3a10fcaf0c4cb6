package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.Compatibility;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.OneStageTarget;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of torchvision and mmdet for single operations, and brute force. */
class OperationFixtureTest {
  private final Fixture ops = Fixture.read("ops");

  @Test
  void pointsGetTheObjectsOfTheReference() {
    JsonNode shapes = Fixture.json("ops").get("fcos.featmap_sizes");
    List<OneStageLayout.Level> levels =
        OneStageLayout.of(Backbone.RESNET_50, Compatibility.PUBLISHED).levels();
    List<Points> points = new ArrayList<>();
    List<Float> distances = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      JsonNode size = shapes.get(level);
      int stride = levels.get(level).stride();
      points.add(Points.of(size.get(0).asInt(), size.get(1).asInt(), stride, stride / 2));
      LongStream.of(ops.longs("fcos.labels" + level)).forEach(labels::add);
      for (float distance : ops.floats("fcos.pos_targets" + level)) {
        distances.add(distance);
      }
    }
    int[] classes =
        LongStream.of(ops.longs("fcos.gt_labels")).mapToInt(label -> (int) label).toArray();
    var sample = new Batch.Sample(1, 256, 320, 256, 320, ops.floats("fcos.gt"), classes);
    var withoutBoxes = new Batch.Sample(2, 256, 320, 256, 320, new float[0], new int[0]);
    int background = labels.stream().mapToInt(Long::intValue).max().orElseThrow();
    OneStageTarget target =
        FcosTargets.assign(levels, points, List.of(sample, withoutBoxes), background);
    assertArrayEquals(labels.stream().mapToLong(Long::longValue).toArray(), target.labels());
    assertEquals(distances.size(), target.distances().length);
    for (int i = 0; i < distances.size(); i++) {
      assertEquals(distances.get(i), target.distances()[i], 1e-5f);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3", "0.5", "0.7"})
  void suppressionKeepsWhatTorchvisionKeeps(String threshold) {
    float[] boxes = ops.floats("nms.boxes");
    float[] scores = ops.floats("nms.scores");
    int[] one = new int[scores.length];
    int[] labels = LongStream.of(ops.longs("nms.labels")).mapToInt(label -> (int) label).toArray();
    float limit = Float.parseFloat(threshold);
    assertArrayEquals(
        ops.longs("nms.keep_" + threshold),
        widened(Suppression.keep(boxes, scores, one, limit, scores.length)));
    assertArrayEquals(
        ops.longs("nms.batched_keep_" + threshold),
        widened(Suppression.keep(boxes, scores, labels, limit, scores.length)));
    assertArrayEquals(
        Arrays.copyOf(ops.longs("nms.keep_" + threshold), 7),
        widened(Suppression.keep(boxes, scores, one, limit, 7)));
  }

  @Test
  void suppressionOfNothingAndOfEqualScores() {
    assertEquals(0, Suppression.keep(new float[0], new float[0], new int[0], 0.5f, 100).length);
    float[] boxes = {0, 0, 10, 10, 0, 0, 10, 10, 20, 0, 30, 10};
    assertArrayEquals(
        new int[] {0, 2},
        Suppression.keep(boxes, new float[] {0.5f, 0.5f, 0.5f}, new int[3], 0.5f, 100));
  }

  /**
   * Boxes of several classes, or one for all of them with scores times a factor; where scores are
   * equal either order is right.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "f_"})
  void suppressionByClassKeepsWhatTheReferenceKeeps(String kind) {
    float[] boxes = ops.floats("mcnms.boxes");
    float[] scores = ops.floats("mcnms.scores");
    int rows = (int) ops.get("mcnms.scores").shape()[0];
    int classes = (int) ops.get("mcnms.scores").shape()[1] - 1;
    var found = new Candidates();
    for (int row = 0; row < rows; row++) {
      for (int label = 0; label < classes; label++) {
        float factor = kind.isEmpty() ? 1 : ops.floats("mcnms.factors")[row];
        float score = scores[row * (classes + 1) + label] * factor;
        int at = 4 * (row * classes + (kind.isEmpty() ? label : 0));
        if (score > .05f) {
          found.add(Arrays.copyOfRange(boxes, at, at + 4), score, label);
        }
      }
    }
    float[] expected = ops.floats("mcnms." + kind + "dets");
    long[] labels = ops.longs("mcnms." + kind + "labels");
    Detections kept = found.best(1, .5f, labels.length);
    assertEquals(labels.length, kept.count());
    for (int i = 0; i < labels.length; i++) {
      int wanted = i;
      assertEquals(expected[5 * i + 4], kept.scores()[i], 1e-6f);
      assertTrue(
          IntStream.range(0, labels.length)
              .anyMatch(
                  k ->
                      kept.labels()[k] == labels[wanted]
                          && kept.scores()[k] == kept.scores()[wanted]
                          && IntStream.range(0, 4)
                              .allMatch(
                                  side ->
                                      kept.boxes()[4 * k + side] == expected[5 * wanted + side])),
          "box " + i);
    }
  }

  @Test
  void anchorsGetTheObjectsOfAtss() {
    List<OneStageLayout.Level> levels =
        OneStageLayout.of(Backbone.RESNET_50, Compatibility.PUBLISHED).levels();
    int[][] sizes = {{8, 12}, {4, 6}, {2, 3}, {1, 2}, {1, 1}};
    List<Points> points = new ArrayList<>();
    for (int level = 0; level < sizes.length; level++) {
      points.add(Points.of(sizes[level][0], sizes[level][1], levels.get(level).stride(), 0));
    }
    int[] classes = integers(ops.longs("assign.gt_labels"));
    var sample = new Batch.Sample(1, 64, 96, 64, 96, ops.floats("assign.gt"), classes);
    OneStageTarget target = AtssTargets.assign(levels, points, List.of(sample), 80);
    long[] objects = ops.longs("assign.atss_gt_inds");
    long[] expected = new long[objects.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = objects[i] == 0 ? 80 : classes[(int) objects[i] - 1];
    }
    assertArrayEquals(expected, target.labels());
  }

  @ParameterizedTest
  @CsvSource({"fcos, 1, RELU_CONVOLUTIONS", "atss, 1, CONVOLUTIONS", "two_stage, 0, SUBSAMPLED"})
  void pyramidGivesTheMapsOfTheReference(String name, int start, Pyramid.Top top) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    Engines.prepare(2);
    List<Fixture.Entry> inputs =
        IntStream.range(start, 4).mapToObj(i -> ops.get("fpn.in" + i)).toList();
    List<Integer> channels = inputs.stream().map(entry -> (int) entry.shape()[1]).toList();
    try (Torch torch = Torch.open(false, 2, List.of())) {
      var parameters = new Parameters(torch);
      var weights = new Weights(torch, parameters, random, Weights.Biases.FAST);
      var pyramid = new Pyramid(weights, channels, 5, 5, top);
      try (Step _ = torch.step(false)) {
        parameters
            .all()
            .forEach(
                (parameter, tensor) -> {
                  Fixture.Entry entry = ops.get("fpn." + name + ".w." + published(parameter));
                  parameters.put(tensor, entry.floats());
                });
        List<Tensor> features =
            inputs.stream().map(entry -> torch.tensor(entry.floats(), entry.shape())).toList();
        List<Tensor> levels = pyramid.levels(features);
        for (int level = 0; level < 5; level++) {
          Fixture.Entry entry = ops.get("fpn." + name + ".out" + level);
          assertArrayEquals(entry.shape(), levels.get(level).shape());
          assertArrayEquals(entry.floats(), levels.get(level).floats(), 1e-5f);
        }
      }
    }
  }

  private static int[] integers(long[] numbers) {
    return LongStream.of(numbers).mapToInt(number -> (int) number).toArray();
  }

  private static String published(String name) {
    String[] part = name.split("\\.", -1);
    String last = part[part.length - 1];
    return switch (part[2]) {
      case "inner_blocks" -> "lateral_convs." + part[3] + ".conv." + last;
      case "layer_blocks" -> "fpn_convs." + part[3] + ".conv." + last;
      default -> "fpn_convs." + (part[3].equals("p6") ? 3 : 4) + ".conv." + last;
    };
  }

  private static long[] widened(int[] numbers) {
    return IntStream.of(numbers).asLongStream().toArray();
  }
}
