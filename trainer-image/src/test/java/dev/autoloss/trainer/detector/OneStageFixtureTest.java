package dev.autoloss.trainer.detector;

import static dev.autoloss.trainer.detector.PublishedDetector.LEVELS;
import static dev.autoloss.trainer.detector.PublishedDetector.RELATIVE;
import static dev.autoloss.trainer.detector.PublishedDetector.assertNear;
import static dev.autoloss.trainer.detector.PublishedDetector.assertRelative;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Norm;
import dev.autoloss.api.Style;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.loss.OneStageLoss;
import dev.autoloss.trainer.loss.OneStageTarget;
import dev.autoloss.trainer.loss.Prediction;
import dev.autoloss.trainer.loss.Terms;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of the published detector code, whole models at tiny width with seeded weights. */
class OneStageFixtureTest {
  private static final double RATE = 0.01;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  /** The numbers of one detector, and ours with its weights. */
  private static final class Model implements AutoCloseable {
    final PublishedDetector published;
    final OneStagePlan plan;
    final Torch torch;
    final Parameters parameters;
    final OneStage network;

    Model(OneStageKind kind, String classification, String regression) {
      published = new PublishedDetector(kind.name().toLowerCase(Locale.ROOT));
      var choice = new LossChoice(term(classification), term(regression), BoxWeighting.RELEASED);
      Style style = kind == OneStageKind.FCOS ? Style.CAFFE : Style.PYTORCH;
      plan =
          new OneStagePlan(
              kind,
              new BodyLayout(
                  Backbone.RESNET_50,
                  style,
                  Norm.FROZEN_BN,
                  1,
                  published.width(),
                  Compatibility.PUBLISHED),
              layout(published.channels()),
              new OneStageLoss(LossPair.oneStage(choice), kind.boxes()));
      torch = Torch.open(false, 2, plan.scripts());
      parameters = new Parameters(torch);
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
      network = (OneStage) plan.build(torch, parameters, published.classes(), random);
      published.fill(parameters);
    }

    List<Points> points() {
      List<Points> points = new ArrayList<>();
      for (int level = 0; level < LEVELS; level++) {
        long[] shape = published.expected().get("eval.feat" + level).shape();
        int stride = plan.layout().levels().get(level).stride();
        points.add(Points.of((int) shape[2], (int) shape[3], stride, plan.kind().offset(stride)));
      }
      return points;
    }

    @Override
    public void close() {
      torch.close();
    }
  }

  private static OneStageLayout layout(int channels) {
    var published = OneStageLayout.of(Backbone.RESNET_50, Compatibility.PUBLISHED);
    return new OneStageLayout(
        published.levels(), channels, 4, 4, Compatibility.PUBLISHED, published.leastScore());
  }

  private static LossTerm term(String name) {
    return name == null ? null : new LossTerm(name, null, 1);
  }

  @ParameterizedTest
  @EnumSource(OneStageKind.class)
  void pointsGetTheObjectsOfThePublishedCode(OneStageKind kind) {
    try (Model model = new Model(kind, null, null)) {
      List<OneStageLayout.Level> levels = model.plan.layout().levels();
      OneStageTarget target =
          switch (kind) {
            case FCOS ->
                FcosTargets.assign(
                    levels, model.points(), model.published.samples(), model.published.classes());
            case ATSS ->
                AtssTargets.assign(
                    levels, model.points(), model.published.samples(), model.published.classes());
          };
      List<Long> all = new ArrayList<>();
      for (int level = 0; level < LEVELS; level++) {
        for (long label : model.published.expected().longs("train.labels" + level)) {
          all.add(label);
        }
      }
      assertArrayEquals(all.stream().mapToLong(Long::longValue).toArray(), target.labels());
      int divisor = model.published.numbers().get("num_pos").asInt();
      assertEquals(divisor, (int) target.centernessDivisor());
    }
  }

  @ParameterizedTest
  @EnumSource(OneStageKind.class)
  void featuresAndPredictionsAreThoseOfThePublishedCode(OneStageKind kind) {
    try (Model model = new Model(kind, null, null);
        Step _ = model.torch.step(false)) {
      List<Tensor> levels = model.network.levels(model.published.input());
      for (int level = 0; level < LEVELS; level++) {
        assertNear(
            model.published.expected().floats("eval.feat" + level),
            levels.get(level).floats(),
            "feat");
      }
      Prediction prediction = model.network.predict(levels);
      assertNear(
          rows(model, "eval.cls", model.published.classes()),
          prediction.logits().floats(),
          "logits");
      assertNear(rows(model, "eval.ctr", 1), prediction.centerness().floats(), "centerness");
      float[] boxes = prediction.boxes().floats();
      if (kind == OneStageKind.FCOS) {
        int at = 0;
        for (int level = 0; level < LEVELS; level++) {
          for (int i = 0; i < 2 * 4 * model.points().get(level).count(); i++) {
            boxes[at++] *= model.plan.layout().levels().get(level).stride();
          }
        }
      }
      assertNear(rows(model, "eval.reg", 4), boxes, "boxes");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FCOS,default,,",
    "FCOS,cls,CseBClassification,",
    "FCOS,reg,,CseBRegression",
    "FCOS,both,CseBClassification,CseBRegression",
    "ATSS,default,,",
    "ATSS,cls,CseBClassification,",
    "ATSS,reg,,CseBRegression",
    "ATSS,both,CseBClassification,CseBRegression"
  })
  void lossesAndGradientsAreThoseOfThePublishedCode(
      OneStageKind kind, String mode, String classification, String regression) {
    try (Model model = new Model(kind, classification, regression)) {
      JsonNode expected = model.published.numbers().get("modes").get(mode);
      JsonNode losses = expected.get("losses");
      try (Step _ = model.torch.step(true)) {
        Terms terms = model.network.loss(model.published.input(), 0);
        float[] parts = terms.parts().floats();
        assertRelative(losses.get("loss_cls").asDouble(), parts[0], "classification");
        assertRelative(losses.get("loss_bbox").asDouble(), parts[1], "regression");
        assertRelative(losses.get("loss_centerness").asDouble(), parts[2], "centerness");
        // The total may be a small difference of large parts.
        double size = losses.get("loss_cls").asDouble() + Math.abs(parts[1]);
        assertEquals(expected.get("total").asDouble(), terms.total().floats()[0], RELATIVE * size);
        model.torch.backward(terms.total());
        model.published.assertGradients(mode, model.torch, model.parameters);
        if (mode.equals("both")) {
          model.published.assertStep(model.parameters, RATE);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(OneStageKind.class)
  void detectionsAreThoseOfThePublishedCode(OneStageKind kind) {
    try (Model model = new Model(kind, null, null)) {
      List<Detections> found;
      try (Step _ = model.torch.step(false)) {
        found = model.network.detect(model.published.input());
      }
      for (int image = 0; image < 2; image++) {
        float[] boxes = model.published.expected().floats("eval.det" + image + ".boxes");
        long[] labels = model.published.expected().longs("eval.det" + image + ".labels");
        assertEquals(labels.length, found.get(image).count());
        for (int i = 0; i < labels.length; i++) {
          assertEquals(labels[i], found.get(image).labels()[i], "image " + image + " box " + i);
          assertEquals(boxes[5 * i + 4], found.get(image).scores()[i], 1e-5f);
          for (int side = 0; side < 4; side++) {
            assertEquals(boxes[5 * i + side], found.get(image).boxes()[4 * i + side], 1e-3f);
          }
        }
      }
    }
  }

  /** Maps of all levels, batch × channels × height × width, as rows of channels. */
  private static float[] rows(Model model, String name, int channels) {
    List<Float> rows = new ArrayList<>();
    for (int level = 0; level < LEVELS; level++) {
      float[] map = model.published.expected().floats(name + level);
      int area = model.points().get(level).count();
      for (int image = 0; image < 2; image++) {
        for (int point = 0; point < area; point++) {
          for (int channel = 0; channel < channels; channel++) {
            rows.add(map[(image * channels + channel) * area + point]);
          }
        }
      }
    }
    float[] array = new float[rows.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = rows.get(i);
    }
    return array;
  }
}
