package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.autoloss.trainer.weights.ParameterNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of the published detector code, whole models at tiny width with seeded weights. */
class OneStageFixtureTest {
  private static final int LEVELS = 5;
  private static final double RATE = 0.01;
  private static final double DECAY = 1e-4;
  private static final double RELATIVE = 1e-4;

  private final Fixture batch = Fixture.read("repo_batch");

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  /** The numbers of one detector, and ours with its weights. */
  private final class Model implements AutoCloseable {
    final String file;
    final Fixture expected;
    final JsonNode numbers;
    final OneStagePlan plan;
    final Torch torch;
    final Parameters parameters;
    final OneStage network;
    final int classes;

    Model(OneStageKind kind, String classification, String regression) {
      file = "repo_" + kind.name().toLowerCase(Locale.ROOT);
      expected = Fixture.read(file + "_expected");
      numbers = Fixture.json(file);
      classes = numbers.get("classes").asInt();
      Fixture weights = Fixture.read(file + "_weights");
      int width = (int) weights.get("backbone.conv1.weight").shape()[0];
      int channels = (int) weights.get("neck.lateral_convs.0.conv.bias").shape()[0];
      var choice = new LossChoice(term(classification), term(regression), BoxWeighting.RELEASED);
      Style style = kind == OneStageKind.FCOS ? Style.CAFFE : Style.PYTORCH;
      plan =
          new OneStagePlan(
              kind,
              new BodyLayout(Backbone.RESNET_50, style, Norm.FROZEN_BN, 1, width),
              layout(channels),
              new OneStageLoss(LossPair.oneStage(choice), kind.boxes()));
      torch = Torch.open(false, 2, plan.scripts());
      parameters = new Parameters(torch);
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
      network = (OneStage) plan.build(torch, parameters, classes, random);
      Set<String> filled = new HashSet<>();
      for (String name : weights.names()) {
        if (!name.endsWith("num_batches_tracked")) {
          String ours = ours(name);
          assertArrayEquals(weights.get(name).shape(), parameters.all().get(ours).shape(), name);
          parameters.put(parameters.all().get(ours), weights.floats(name));
          filled.add(ours);
        }
      }
      assertEquals(parameters.all().keySet(), filled);
    }

    String ours(String name) {
      return ParameterNames.ours(name, parameters.all().keySet()).orElseThrow();
    }

    List<Batch.Sample> samples() {
      List<Batch.Sample> samples = new ArrayList<>();
      for (int image = 0; image < 2; image++) {
        JsonNode meta = numbers.get("metas").get(image);
        long[] labels = batch.longs("gt_labels_" + image);
        samples.add(
            new Batch.Sample(
                image,
                meta.get("img_shape").get(0).asInt(),
                meta.get("img_shape").get(1).asInt(),
                meta.get("ori_shape").get(0).asInt(),
                meta.get("ori_shape").get(1).asInt(),
                batch.floats("gt_boxes_" + image),
                LongStream.of(labels).mapToInt(label -> (int) label).toArray()));
      }
      return samples;
    }

    Batch input() {
      Fixture.Entry images = batch.get("images");
      return new Batch(
          images.floats(), (int) images.shape()[2], (int) images.shape()[3], samples());
    }

    List<Points> points() {
      List<Points> points = new ArrayList<>();
      for (int level = 0; level < LEVELS; level++) {
        long[] shape = expected.get("eval.feat" + level).shape();
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
            case FCOS -> FcosTargets.assign(levels, model.points(), model.samples(), model.classes);
            case ATSS -> AtssTargets.assign(levels, model.points(), model.samples(), model.classes);
          };
      List<Long> all = new ArrayList<>();
      for (int level = 0; level < LEVELS; level++) {
        for (long label : model.expected.longs("train.labels" + level)) {
          all.add(label);
        }
      }
      assertArrayEquals(all.stream().mapToLong(Long::longValue).toArray(), target.labels());
      int divisor = model.numbers.get("num_pos").asInt();
      assertEquals(divisor, (int) target.centernessDivisor());
    }
  }

  @ParameterizedTest
  @EnumSource(OneStageKind.class)
  void featuresAndPredictionsAreThoseOfThePublishedCode(OneStageKind kind) {
    try (Model model = new Model(kind, null, null);
        Step _ = model.torch.step(false)) {
      List<Tensor> levels = model.network.levels(model.input());
      for (int level = 0; level < LEVELS; level++) {
        close(model.expected.floats("eval.feat" + level), levels.get(level).floats(), "feat");
      }
      Prediction prediction = model.network.predict(levels);
      close(rows(model, "eval.cls", model.classes), prediction.logits().floats(), "logits");
      close(rows(model, "eval.ctr", 1), prediction.centerness().floats(), "centerness");
      float[] boxes = prediction.boxes().floats();
      if (kind == OneStageKind.FCOS) {
        int at = 0;
        for (int level = 0; level < LEVELS; level++) {
          for (int i = 0; i < 2 * 4 * model.points().get(level).count(); i++) {
            boxes[at++] *= model.plan.layout().levels().get(level).stride();
          }
        }
      }
      close(rows(model, "eval.reg", 4), boxes, "boxes");
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
      JsonNode expected = model.numbers.get("modes").get(mode);
      JsonNode losses = expected.get("losses");
      try (Step _ = model.torch.step(true)) {
        Terms terms = model.network.loss(model.input(), 0);
        float[] parts = terms.parts().floats();
        close(losses.get("loss_cls").asDouble(), parts[0], "classification");
        close(losses.get("loss_bbox").asDouble(), parts[1], "regression");
        close(losses.get("loss_centerness").asDouble(), parts[2], "centerness");
        // The total may be a small difference of large parts.
        double size = losses.get("loss_cls").asDouble() + Math.abs(parts[1]);
        assertEquals(expected.get("total").asDouble(), terms.total().floats()[0], RELATIVE * size);
        model.torch.backward(terms.total());
        gradients(model, mode, expected.get("grad_norm"));
        if (mode.equals("both")) {
          assertStep(model, model.numbers.get("sgd_step_param_delta_norm"));
        }
      }
    }
  }

  private static void gradients(Model model, String mode, JsonNode norms) {
    Set<String> trained = new HashSet<>();
    norms
        .properties()
        .forEach(
            entry -> {
              String ours = model.ours(entry.getKey());
              trained.add(ours);
              float[] gradient =
                  model.torch.gradient(model.parameters.trained().get(ours)).floats();
              close(entry.getValue().asDouble(), norm(gradient), entry.getKey());
            });
    assertEquals(model.parameters.trained().keySet(), trained);
    String prefix = mode + ".grad.";
    for (String name : model.expected.names()) {
      if (name.startsWith(prefix)) {
        Tensor parameter =
            model.parameters.trained().get(model.ours(name.substring(prefix.length())));
        close(model.expected.floats(name), model.torch.gradient(parameter).floats(), name);
      }
    }
  }

  private static void assertStep(Model model, JsonNode norms) {
    Map<String, float[]> before = new TreeMap<>();
    model.parameters.trained().forEach((name, tensor) -> before.put(name, tensor.floats()));
    model.parameters.descend(RATE, 0.9, DECAY, 1);
    assertTrue(norms.size() > 0);
    norms
        .properties()
        .forEach(
            entry -> {
              String ours = model.ours(entry.getKey());
              float[] moved = model.parameters.trained().get(ours).floats();
              double squares = 0;
              for (int i = 0; i < moved.length; i++) {
                double by = (double) moved[i] - before.get(ours)[i];
                squares += by * by;
              }
              // A movement is the difference of rounded numbers.
              double rounding = 6e-8 * norm(moved);
              assertEquals(
                  entry.getValue().asDouble(),
                  Math.sqrt(squares),
                  RELATIVE * entry.getValue().asDouble() + rounding,
                  entry.getKey());
            });
  }

  @ParameterizedTest
  @EnumSource(OneStageKind.class)
  void detectionsAreThoseOfThePublishedCode(OneStageKind kind) {
    try (Model model = new Model(kind, null, null)) {
      List<Detections> found;
      try (Step _ = model.torch.step(false)) {
        found = model.network.detect(model.input());
      }
      for (int image = 0; image < 2; image++) {
        float[] boxes = model.expected.floats("eval.det" + image + ".boxes");
        long[] labels = model.expected.longs("eval.det" + image + ".labels");
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

  private static double norm(float[] numbers) {
    double squares = 0;
    for (float number : numbers) {
      squares += (double) number * number;
    }
    return Math.sqrt(squares);
  }

  private static void close(double expected, double found, String what) {
    assertEquals(expected, found, RELATIVE * Math.abs(expected) + 1e-7, what);
  }

  /** Equal within a ten-thousandth of the whole's greatest number. */
  private static void close(float[] expected, float[] found, String what) {
    float greatest = 0;
    for (float number : expected) {
      greatest = Math.max(greatest, Math.abs(number));
    }
    assertArrayEquals(expected, found, (float) RELATIVE * greatest + 1e-9f, what);
  }

  /** Maps of all levels, batch × channels × height × width, as rows of channels. */
  private static float[] rows(Model model, String name, int channels) {
    List<Float> rows = new ArrayList<>();
    for (int level = 0; level < LEVELS; level++) {
      float[] map = model.expected.floats(name + level);
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
