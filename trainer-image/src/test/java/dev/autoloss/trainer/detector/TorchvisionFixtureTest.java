package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.Norm;
import dev.autoloss.api.Style;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.loss.OneStageLoss;
import dev.autoloss.trainer.loss.Prediction;
import dev.autoloss.trainer.loss.TwoStageLoss;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import dev.autoloss.trainer.weights.StartingWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of torchvision's detectors, at tiny width with seeded weights, read as its files are. */
class TorchvisionFixtureTest {
  private static final float RELATIVE = 1e-4f;
  private static final float PIXELS = 1e-3f;
  private static final LossChoice DEFAULT = new LossChoice(null, null, BoxWeighting.INTENDED);

  @TempDir Path folder;

  private final Fixture images = Fixture.read("tv_images");

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  /** A detector with torchvision's weights. */
  private final class Model implements AutoCloseable {
    final Fixture expected;
    final Torch torch;
    final DetectorNetwork network;

    Model(String name) throws IOException {
      expected = Fixture.read("tv_" + name + "_expected");
      Fixture weights = Fixture.read("tv_" + name + "_weights");
      DetectorPlan plan = name.equals("fcos") ? oneStage(weights) : twoStage(name, weights);
      torch = Torch.open(false, 2, plan.scripts());
      var parameters = new Parameters(torch);
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
      network = plan.build(torch, parameters, classes(weights), random);
      List<String> anew =
          StartingWeights.read(Fixture.copy("tv_" + name + "_weights", folder))
              .fill(parameters, List.of(1L), List.of("a"));
      assertEquals(List.of(), anew);
    }

    List<Detections> detect() {
      try (Step _ = torch.step(false)) {
        return network.detect(batch());
      }
    }

    @Override
    public void close() {
      torch.close();
    }
  }

  private static int classes(Fixture weights) {
    return weights.names().contains("roi_heads.box_predictor.cls_score.bias")
        ? weights.floats("roi_heads.box_predictor.cls_score.bias").length - 1
        : weights.floats("head.classification_head.cls_logits.bias").length;
  }

  private static BodyLayout body(Fixture weights) {
    int width = weights.floats("backbone.body.bn1.weight").length;
    return new BodyLayout(
        Backbone.RESNET_18, Style.PYTORCH, Norm.FROZEN_BN, 1, width, Compatibility.TORCHVISION);
  }

  private static OneStagePlan oneStage(Fixture weights) {
    int channels = weights.floats("backbone.fpn.inner_blocks.0.0.bias").length;
    var levels = OneStageLayout.of(Backbone.RESNET_18, Compatibility.TORCHVISION).levels();
    return new OneStagePlan(
        OneStageKind.FCOS,
        body(weights),
        new OneStageLayout(levels, channels, 4, 32, Compatibility.TORCHVISION, .05f),
        new OneStageLoss(LossPair.oneStage(DEFAULT), OneStageKind.FCOS.boxes()));
  }

  private static TwoStagePlan twoStage(String name, Fixture weights) {
    TwoStageRecipe recipe = name.equals("mask") ? TwoStageRecipe.mask() : TwoStageRecipe.faster();
    int channels = weights.floats("backbone.fpn.inner_blocks.0.0.bias").length;
    int hidden = weights.floats("roi_heads.box_head.fc6.bias").length;
    return new TwoStagePlan(
        new TwoStageRecipe(
            recipe.stages(),
            recipe.anchorBeta(),
            recipe.anchorsInside(),
            recipe.anchorSampler(),
            recipe.regionSampler(),
            recipe.training(),
            new TwoStageRecipe.Limits(80, 32),
            recipe.masks()),
        body(weights),
        new TwoStageLayout(
            List.of(4, 8, 16, 32, 64), 8, 56, channels, hidden, Compatibility.TORCHVISION),
        new TwoStageLoss(LossPair.twoStage(DEFAULT)),
        1);
  }

  /** Both images, padded with zeros to the size of the larger one. */
  private Batch batch() {
    List<Batch.Sample> samples = new ArrayList<>();
    int height = 0;
    int width = 0;
    for (int image = 0; image < 2; image++) {
      long[] shape = images.get("image" + image).shape();
      height = Math.max(height, (int) shape[1]);
      width = Math.max(width, (int) shape[2]);
      samples.add(
          new Batch.Sample(
              image,
              (int) shape[1],
              (int) shape[2],
              (int) shape[1],
              (int) shape[2],
              new float[0],
              new int[0]));
    }
    assertEquals(0, height % 32 + width % 32);
    float[] pixels = new float[2 * 3 * height * width];
    for (int image = 0; image < 2; image++) {
      Fixture.Entry entry = images.get("image" + image);
      int columns = (int) entry.shape()[2];
      int rows = (int) entry.shape()[1];
      for (int row = 0; row < 3 * rows; row++) {
        int channel = row / rows;
        int to = ((3 * image + channel) * height + row % rows) * width;
        System.arraycopy(entry.floats(), row * columns, pixels, to, columns);
      }
    }
    return new Batch(pixels, height, width, samples);
  }

  @ParameterizedTest
  @ValueSource(strings = {"faster", "mask", "fcos"})
  void featuresAreTorchvisions(String name) throws IOException {
    try (var model = new Model(name);
        Step _ = model.torch.step(false)) {
      List<String> levels =
          name.equals("fcos")
              ? List.of("0", "1", "2", "p6", "p7")
              : List.of("0", "1", "2", "3", "pool");
      List<Tensor> found =
          switch (model.network) {
            case OneStage one -> one.levels(batch());
            case TwoStage two -> two.levels(batch());
            default -> throw new AssertionError();
          };
      for (int level = 0; level < levels.size(); level++) {
        Fixture.Entry entry = model.expected.get("feat." + levels.get(level));
        assertArrayEquals(entry.shape(), found.get(level).shape());
        assertNear(entry.floats(), found.get(level).floats(), "level " + level);
      }
    }
  }

  /** Torchvision has the points image by image, and there level by level. */
  @Test
  void predictionsOfFcosAreTorchvisions() throws IOException {
    try (var model = new Model("fcos");
        Step _ = model.torch.step(false)) {
      var network = (OneStage) model.network;
      List<Tensor> levels = network.levels(batch());
      Prediction prediction = network.predict(levels);
      String[] names = {"cls_logits", "bbox_regression", "bbox_ctrness"};
      float[][] found = {
        prediction.logits().floats(), prediction.boxes().floats(), prediction.centerness().floats()
      };
      for (int output = 0; output < names.length; output++) {
        Fixture.Entry entry = model.expected.get("head." + names[output]);
        int columns = (int) entry.shape()[2];
        assertNear(entry.floats(), imageByImage(levels, found[output], columns), names[output]);
      }
    }
  }

  private static float[] imageByImage(List<Tensor> levels, float[] rows, int columns) {
    float[] turned = new float[rows.length];
    int points = rows.length / columns / 2;
    int from = 0;
    int before = 0;
    for (Tensor level : levels) {
      int area = (int) (level.shape()[2] * level.shape()[3]);
      for (int image = 0; image < 2; image++) {
        int to = (image * points + before) * columns;
        System.arraycopy(rows, from, turned, to, area * columns);
        from += area * columns;
      }
      before += area;
    }
    return turned;
  }

  @ParameterizedTest
  @ValueSource(strings = {"faster", "mask"})
  void proposalsAreTorchvisions(String name) throws IOException {
    try (var model = new Model(name);
        Step _ = model.torch.step(false)) {
      var network = (TwoStage) model.network;
      Batch batch = batch();
      List<AnchorGrid.Proposals> found = network.proposals(network.levels(batch), batch.samples());
      for (int image = 0; image < 2; image++) {
        float[] expected = model.expected.floats("proposals" + image);
        assertArrayEquals(expected, found.get(image).boxes(), PIXELS, "image " + image);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"faster", "mask", "fcos"})
  void detectionsAreTorchvisions(String name) throws IOException {
    try (var model = new Model(name)) {
      List<Detections> found = model.detect();
      int background = name.equals("fcos") ? 0 : 1;
      for (int image = 0; image < 2; image++) {
        String prefix = "det" + image + ".";
        long[] labels = model.expected.longs(prefix + "labels");
        assertTrue(labels.length > 0);
        assertEquals(labels.length, found.get(image).count());
        float[] scores = model.expected.floats(prefix + "scores");
        float[] boxes = model.expected.floats(prefix + "boxes");
        assertArrayEquals(scores, found.get(image).scores(), RELATIVE * scores[0], "scores");
        for (int i = 0; i < labels.length; i++) {
          assertEquals(labels[i] - background, found.get(image).labels()[i], "label " + i);
        }
        assertArrayEquals(boxes, found.get(image).boxes(), PIXELS, "boxes");
      }
    }
  }

  /** The first ten of each image. */
  @Test
  void masksAreTorchvisions() throws IOException {
    try (var model = new Model("mask")) {
      List<Detections> found = model.detect();
      for (int image = 0; image < 2; image++) {
        Fixture.Entry masks = model.expected.get("det" + image + ".masks");
        int area = (int) (masks.shape()[2] * masks.shape()[3]);
        for (int i = 0; i < masks.shape()[0]; i++) {
          boolean[] pixels = found.get(image).masks().get(i).bitmap().pixels();
          assertEquals(area, pixels.length);
          int inside = 0;
          int differing = 0;
          for (int pixel = 0; pixel < area; pixel++) {
            boolean wanted = masks.longs()[i * area + pixel] == 1;
            inside += wanted ? 1 : 0;
            differing += wanted == pixels[pixel] ? 0 : 1;
          }
          // A value within rounding of one half may fall to either side.
          assertTrue(differing <= 1, differing + " of " + inside + " pixels of mask " + i);
        }
      }
    }
  }

  /** Equal within a ten-thousandth of the whole's greatest number. */
  private static void assertNear(float[] expected, float[] found, String what) {
    float greatest = 0;
    for (float number : expected) {
      greatest = Math.max(greatest, Math.abs(number));
    }
    assertArrayEquals(expected, found, RELATIVE * greatest + 1e-9f, what);
  }
}
