package dev.autoloss.trainer.detector;

import static dev.autoloss.trainer.detector.PublishedDetector.LEVELS;
import static dev.autoloss.trainer.detector.PublishedDetector.PIXELS;
import static dev.autoloss.trainer.detector.PublishedDetector.assertNear;
import static dev.autoloss.trainer.detector.PublishedDetector.assertRelative;
import static dev.autoloss.trainer.detector.PublishedDetector.edges;
import static dev.autoloss.trainer.detector.PublishedDetector.scores;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Norm;
import dev.autoloss.api.Style;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.TwoStageRecipe.Limits;
import dev.autoloss.trainer.detector.region.RandomSampler;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.loss.Terms;
import dev.autoloss.trainer.loss.TwoStageLoss;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of the published detector code, at tiny width with seeded weights. */
class TwoStageFixtureTest {
  private static final double RATE = .02;
  private static final RandomSampler ALL = new RandomSampler(1_000_000, .5);

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  @ParameterizedTest
  @CsvSource({
    "faster, default,,",
    "faster, cls, CseAClassification,",
    "faster, reg,, CseARegression",
    "faster, both, CseAClassification, CseARegression",
    "cascade, default,,",
    "cascade, cls, CseAClassification,",
    "cascade, reg,, CseARegression",
    "cascade, both, CseAClassification, CseARegression",
    "mask, default,,",
    "mask, cls, CseAClassification,",
    "mask, reg,, CseARegression",
    "mask, both, CseAClassification, CseARegression"
  })
  void lossesAreThoseOfThePublishedCode(
      String name, String mode, String classification, String regression) {
    var choice = new LossChoice(term(classification), term(regression), BoxWeighting.RELEASED);
    try (var model = new Model(name, choice);
        Step _ = model.torch.step(true)) {
      TwoStage.Trained trained = model.train();
      JsonNode losses = model.published.numbers().get("modes").get(mode).get("losses");
      float[] parts = trained.terms().parts().floats();
      assertRelative(losses.get("loss_rpn_cls").asDouble(), parts[2], "proposal classes");
      assertRelative(losses.get("loss_rpn_bbox").asDouble(), parts[3], "proposal boxes");
      for (int stage = 0; stage < trained.stages().size(); stage++) {
        String prefix = name.equals("cascade") ? "s" + stage + "." : "";
        List<Tensor> pair = trained.stages().get(stage).losses();
        assertRelative(
            losses.get(prefix + "loss_cls").asDouble(),
            pair.getFirst().floats()[0],
            "classes of stage " + stage);
        assertRelative(
            losses.get(prefix + "loss_bbox").asDouble(),
            pair.getLast().floats()[0],
            "boxes of stage " + stage);
      }
      if (name.equals("mask")) {
        assertRelative(losses.get("loss_mask").asDouble(), parts[4], "masks");
      }
      assertRelative(losses.get("loss").asDouble(), trained.terms().total().floats()[0], "total");
      model.torch.backward(trained.terms().total());
      model.published.assertGradients(mode, model.torch, model.parameters);
      if (mode.equals("both")) {
        model.published.assertStep(model.parameters, RATE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"faster", "cascade", "mask"})
  void featuresAreThoseOfThePublishedCode(String name) {
    try (var model = new Model(name, new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = model.torch.step(false)) {
      List<Tensor> levels = model.detector.levels(model.published.input());
      assertEquals(LEVELS, levels.size());
      for (int level = 0; level < LEVELS; level++) {
        Fixture.Entry entry = model.published.expected().get("eval.feat" + level);
        assertArrayEquals(entry.shape(), levels.get(level).shape());
        assertNear(entry.floats(), levels.get(level).floats(), "level " + level);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"faster", "cascade", "mask"})
  void regionsAndPredictionsAreThoseOfThePublishedCode(String name) {
    try (var model = new Model(name, new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = model.torch.step(true)) {
      TwoStage.Trained trained = model.train();
      for (int stage = 0; stage < trained.stages().size(); stage++) {
        String prefix = "train.s" + stage + ".";
        RegionBatch sampled = trained.stages().get(stage).sampled();
        float[] rois = model.published.expected().floats(prefix + "rois");
        float[] edges = new float[4 * sampled.count()];
        int[] images = new int[sampled.count()];
        assertEquals(rois.length / 5, sampled.count());
        for (int i = 0; i < images.length; i++) {
          images[i] = (int) rois[5 * i];
          System.arraycopy(rois, 5 * i + 1, edges, 4 * i, 4);
        }
        int[] order = order(edges, images, sampled.boxes(), sampled.imageOf());
        var target =
            sampled.target(
                model.published.samples(),
                model.published.classes(),
                name.equals("cascade"),
                model.recipe.stages().get(stage).coder());
        assertArrayEquals(
            model.published.expected().longs(prefix + "labels"),
            IntStream.of(order).mapToLong(i -> target.labels()[i]).toArray());
        var prediction = trained.stages().get(stage).prediction();
        assertNear(
            model.published.expected().floats(prefix + "cls_score"),
            rows(prediction.logits().floats(), order),
            "logits");
        assertNear(
            model.published.expected().floats(prefix + "bbox_pred"),
            rows(prediction.offsets().floats(), order),
            "offsets");
      }
    }
  }

  /**
   * Positions of found boxes in the order of expected ones: scores that differ in the last bit
   * change the order.
   */
  private static int[] order(float[] boxes, int[] kinds, float[] foundBoxes, int[] foundKinds) {
    boolean[] used = new boolean[foundKinds.length];
    int[] order = new int[kinds.length];
    for (int i = 0; i < order.length; i++) {
      int expected = i;
      order[i] =
          IntStream.range(0, used.length)
              .filter(j -> !used[j] && foundKinds[j] == kinds[expected])
              .filter(j -> near(boxes, 4 * expected, foundBoxes, 4 * j))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no box found for number " + expected));
      used[order[i]] = true;
    }
    return order;
  }

  private static boolean near(float[] a, int at, float[] b, int other) {
    return IntStream.range(0, 4).allMatch(i -> Math.abs(a[at + i] - b[other + i]) <= PIXELS);
  }

  private static float[] rows(float[] of, int[] order) {
    int width = of.length / order.length;
    float[] rows = new float[of.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(of, order[i] * width, rows, i * width, width);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"faster", "cascade", "mask"})
  void proposalsAreThoseOfThePublishedCode(String name) {
    try (var model = new Model(name, new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = model.torch.step(false)) {
      List<AnchorGrid.Proposals> proposals =
          model.detector.proposals(
              model.detector.levels(model.published.input()), model.published.samples());
      for (int image = 0; image < 2; image++) {
        float[] expected = model.published.expected().floats("eval.proposals" + image);
        AnchorGrid.Proposals found = proposals.get(image);
        assertSame(expected, new int[expected.length / 5], found.boxes(), found.scores(), null);
      }
    }
  }

  /** Of the same proposals, each score by itself. */
  @ParameterizedTest
  @ValueSource(strings = {"faster", "cascade", "mask"})
  void detectionsOfPublishedProposalsAreThoseOfThePublishedCode(String name) {
    try (var model = new Model(name, new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = model.torch.step(false)) {
      List<float[]> proposals =
          List.of(
              edges(model.published.expected().floats("eval.proposals0")),
              edges(model.published.expected().floats("eval.proposals1")));
      List<Tensor> levels = model.detector.levels(model.published.input());
      List<Detections> all = model.detector.detect(levels, proposals, model.published.samples());
      for (int image = 0; image < 2; image++) {
        Detections found = all.get(image);
        float[] boxes = model.published.detected(image);
        assertSame(
            boxes,
            model.published.detectedLabels(image),
            found.boxes(),
            found.scores(),
            found.labels());
      }
    }
  }

  /**
   * From pixels on. Proposals may differ by a thousandth of a pixel, which moves a small score by
   * more than a ten-thousandth of itself on some processors; of the greatest score, it does not.
   */
  @ParameterizedTest
  @ValueSource(strings = {"faster", "cascade", "mask"})
  void detectionsAreThoseOfThePublishedCode(String name) {
    try (var model = new Model(name, new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = model.torch.step(false)) {
      List<Detections> all = model.detector.detect(model.published.input());
      for (int image = 0; image < 2; image++) {
        Detections found = all.get(image);
        float[] rows = model.published.detected(image);
        int[] labels = model.published.detectedLabels(image);
        int[] order = order(edges(rows), labels, found.boxes(), found.labels());
        assertEquals(labels.length, found.count());
        assertNear(scores(rows), rows(found.scores(), order), "scores");
        assertFalls(found.scores());
      }
    }
  }

  /** The first twenty of each image, by class. */
  @Test
  void masksAreThoseOfThePublishedCode() {
    try (var model = new Model("mask", new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = model.torch.step(false)) {
      List<Detections> all = model.detector.detect(model.published.input());
      for (int image = 0; image < 2; image++) {
        Detections found = all.get(image);
        String prefix = "eval.det" + image + ".";
        Fixture.Entry masks = model.published.expected().get(prefix + "masks_first20");
        float[] boxes = model.published.expected().floats(prefix + "boxes");
        float[] edges = new float[4 * 20];
        int[] labels = new int[20];
        for (int i = 0; i < 20; i++) {
          System.arraycopy(boxes, 5 * i, edges, 4 * i, 4);
          labels[i] = (int) model.published.expected().longs(prefix + "labels")[i];
        }
        int[] order = order(edges, labels, found.boxes(), found.labels());
        int area = (int) (masks.shape()[1] * masks.shape()[2]);
        for (int i = 0; i < 20; i++) {
          boolean[] pixels = found.masks().get(order[i]).bitmap().pixels();
          assertEquals(area, pixels.length);
          int differing = 0;
          for (int pixel = 0; pixel < area; pixel++) {
            differing += (masks.longs()[i * area + pixel] == 1) == pixels[pixel] ? 0 : 1;
          }
          // A value within rounding of one half may fall to either side.
          assertTrue(differing <= 1, differing + " pixels of mask " + i + " differ");
        }
      }
    }
  }

  /** A batch without any object, and one whose image has none, give finite losses. */
  @ParameterizedTest
  @ValueSource(strings = {"faster", "cascade", "mask"})
  void imagesWithoutObjectsTrain(String name) {
    try (var model = new Model(name, new LossChoice(null, null, BoxWeighting.RELEASED))) {
      List<Batch.Sample> full = model.published.samples();
      Batch.Sample one = full.getFirst();
      var empty =
          new Batch.Sample(
              one.imageId(),
              one.height(),
              one.width(),
              one.originalHeight(),
              one.originalWidth(),
              new float[0],
              new int[0]);
      for (List<Batch.Sample> samples :
          List.of(List.of(empty, empty), List.of(empty, full.getLast()))) {
        try (Step _ = model.torch.step(true)) {
          Batch input = model.published.input();
          var batch = new Batch(input.pixels(), input.height(), input.width(), samples);
          Terms terms = model.detector.loss(batch, 0);
          float[] parts = terms.parts().floats();
          for (float part : parts) {
            assertTrue(Float.isFinite(part));
          }
          assertEquals(samples.getLast().labels().length == 0, parts[1] == 0);
          model.torch.backward(terms.total());
          double norm = model.parameters.gradientNorm();
          assertTrue(Double.isFinite(norm) && norm > 0);
        }
      }
    }
  }

  /** What is sampled depends on seed, step and image, and not on what else is in the batch. */
  @Test
  void samplingIsKeyedByImage() {
    var choice = new LossChoice(null, null, BoxWeighting.RELEASED);
    try (var model = new Model("faster", choice, new RandomSampler(16, .25));
        Step _ = model.torch.step(false)) {
      TwoStage few = model.detector;
      Batch input = model.published.input();
      List<Tensor> levels = few.levels(input);
      float[] both = few.train(levels, input.samples(), 3).stages().getFirst().sampled().boxes();
      float[] again = few.train(levels, input.samples(), 3).stages().getFirst().sampled().boxes();
      float[] other = few.train(levels, input.samples(), 4).stages().getFirst().sampled().boxes();
      assertArrayEquals(both, again);
      assertFalse(Arrays.equals(both, other));
      var pixels = Arrays.copyOf(input.pixels(), input.pixels().length / 2);
      var first = input.samples().subList(0, 1);
      var single = new Batch(pixels, input.height(), input.width(), first);
      float[] alone = few.train(few.levels(single), first, 3).stages().getFirst().sampled().boxes();
      assertArrayEquals(Arrays.copyOf(both, alone.length), alone, PIXELS);
      assertEquals(4 * 16, alone.length);
    }
  }

  /** Equal boxes, labels and scores, in whatever order; expected are four edges and a score. */
  private static void assertSame(
      float[] expected, int[] labels, float[] boxes, float[] scores, int[] foundLabels) {
    assertEquals(labels.length, scores.length);
    int[] kinds = foundLabels == null ? new int[scores.length] : foundLabels;
    int[] order = order(edges(expected), labels, boxes, kinds);
    for (int i = 0; i < labels.length; i++) {
      assertRelative(expected[5 * i + 4], scores[order[i]], "score of box " + i);
    }
    assertFalls(scores);
  }

  private static void assertFalls(float[] scores) {
    for (int i = 1; i < scores.length; i++) {
      assertTrue(scores[i] <= scores[i - 1], "score " + i);
    }
  }

  private static LossTerm term(String name) {
    return name == null ? null : new LossTerm(name, null, 1);
  }

  /** A detector with the published code's weights. */
  private static final class Model implements AutoCloseable {
    private final PublishedDetector published;
    private final TwoStageRecipe recipe;
    private final Torch torch;
    private final Parameters parameters;
    private final TwoStage detector;

    Model(String name, LossChoice choice) {
      this(name, choice, ALL);
    }

    Model(String name, LossChoice choice, RandomSampler sampler) {
      published = new PublishedDetector(name);
      String head = "roi_head.bbox_head." + (name.equals("cascade") ? "0." : "");
      recipe = recipe(name, sampler);
      var plan =
          new TwoStagePlan(
              recipe,
              new BodyLayout(
                  Backbone.RESNET_50,
                  Style.PYTORCH,
                  Norm.FROZEN_BN,
                  1,
                  published.width(),
                  Compatibility.PUBLISHED),
              new TwoStageLayout(
                  List.of(4, 8, 16, 32, 64),
                  8,
                  56,
                  published.channels(),
                  published.outputs(head + "fc_cls", 1),
                  Compatibility.PUBLISHED),
              new TwoStageLoss(LossPair.twoStage(choice)),
              1);
      torch = Torch.open(false, 2, plan.scripts());
      parameters = new Parameters(torch);
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
      detector = (TwoStage) plan.build(torch, parameters, published.classes(), random);
      published.fill(parameters);
    }

    TwoStage.Trained train() {
      return detector.train(detector.levels(published.input()), published.samples(), 0);
    }

    /** Few proposals; anchors may leave the image. */
    private static TwoStageRecipe recipe(String name, RandomSampler sampler) {
      TwoStageRecipe recipe =
          switch (name) {
            case "faster" -> TwoStageRecipe.faster();
            case "cascade" -> TwoStageRecipe.cascade();
            default -> TwoStageRecipe.mask();
          };
      return new TwoStageRecipe(
          recipe.stages(),
          recipe.anchorBeta(),
          false,
          sampler,
          sampler,
          new Limits(100, 64),
          new Limits(80, 32),
          recipe.masks());
    }

    @Override
    public void close() {
      torch.close();
    }
  }
}
