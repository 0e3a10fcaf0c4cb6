package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.Compatibility;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
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

  @Test
  void pyramidGivesTheMapsOfTheReference() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    Engines.prepare(2);
    try (Torch torch = Torch.open(false, 2, List.of())) {
      var parameters = new Parameters(torch);
      var pyramid =
          new Pyramid(
              new Weights(torch, parameters, random, Weights.Biases.FAST),
              List.of(6, 8, 10),
              5,
              5,
              Pyramid.Top.RELU_CONVOLUTIONS);
      try (Step _ = torch.step(false)) {
        parameters
            .all()
            .forEach(
                (name, tensor) -> {
                  Fixture.Entry entry = ops.get("fpn.fcos.w." + published(name));
                  parameters.put(tensor, entry.floats());
                });
        List<Tensor> features =
            IntStream.of(1, 2, 3)
                .mapToObj(i -> ops.get("fpn.in" + i))
                .map(entry -> torch.tensor(entry.floats(), entry.shape()))
                .toList();
        List<Tensor> levels = pyramid.levels(features);
        for (int level = 0; level < 5; level++) {
          Fixture.Entry entry = ops.get("fpn.fcos.out" + level);
          assertArrayEquals(entry.shape(), levels.get(level).shape());
          assertArrayEquals(entry.floats(), levels.get(level).floats(), 1e-5f);
        }
      }
    }
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
