package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.FcosTargets.Size;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.FcosLoss;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of the published detector code, at tiny width with seeded weights. */
class FcosFixtureTest {
  private static final int CLASSES = 5;
  private static final int LEVELS = 5;
  private static final FcosLayout LAYOUT =
      new FcosLayout(FcosLayout.of(Backbone.RESNET_50).levels(), 16, 4);

  private static final String COPY =
      """
        def put(self: __torch__.Ops, to: Tensor, values: Tensor) -> int:
          torch.copy_(to, values, False)
          return 0
      """;

  private final Fixture expected = Fixture.read("repo_fcos_expected");
  private final Fixture weights = Fixture.read("repo_fcos_weights");
  private final Fixture batch = Fixture.read("repo_batch");
  private final JsonNode numbers = Fixture.json("repo_fcos");

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  @Test
  void pointsGetTheObjectsOfThePublishedCode() {
    FcosLoss.Target target = FcosTargets.assign(LAYOUT.levels(), sizes(), samples(), CLASSES);
    List<Long> all = new ArrayList<>();
    for (int level = 0; level < LEVELS; level++) {
      for (long label : expected.longs("train.labels" + level)) {
        all.add(label);
      }
    }
    assertArrayEquals(all.stream().mapToLong(Long::longValue).toArray(), target.labels());
    assertEquals(numbers.get("num_pos").asInt(), target.positives().length);
  }

  @Test
  void headPredictsTheNumbersOfThePublishedCode() {
    try (var fixture = new HeadOnFeatures(new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = fixture.torch.step(false)) {
      FcosLoss.Prediction prediction = fixture.predict();
      assertArrayEquals(rows("eval.cls", CLASSES), prediction.logits().floats(), 2e-5f);
      assertArrayEquals(rows("eval.ctr", 1), prediction.centerness().floats(), 2e-5f);
      float[] pixels = rows("eval.reg", 4);
      float[] distances = prediction.distances().floats();
      int at = 0;
      for (int level = 0; level < LEVELS; level++) {
        for (int i = 0; i < 2 * 4 * sizes().get(level).area(); i++) {
          assertEquals(pixels[at], distances[at] * LAYOUT.levels().get(level).stride(), 1e-3f);
          at++;
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "default,,",
    "cls,CseBClassification,",
    "reg,,CseBRegression",
    "both,CseBClassification,CseBRegression"
  })
  void lossesAreThoseOfThePublishedCode(String mode, String classification, String regression) {
    var choice = new LossChoice(term(classification), term(regression), BoxWeighting.RELEASED);
    JsonNode losses = numbers.get("modes").get(mode).get("losses");
    try (var fixture = new HeadOnFeatures(choice);
        Step _ = fixture.torch.step(true)) {
      FcosLoss.Terms terms = fixture.loss();
      float[] parts = terms.parts().floats();
      assertEquals(losses.get("loss_cls").asDouble(), parts[0], 2e-6);
      assertEquals(losses.get("loss_bbox").asDouble(), parts[1], 1e-5);
      assertEquals(losses.get("loss_centerness").asDouble(), parts[2], 2e-6);
      assertEquals(losses.get("loss").asDouble(), terms.total().floats()[0], 1e-5);
      if (mode.equals("default") || mode.equals("both")) {
        fixture.torch.backward(terms.total());
        String prefix = mode + ".grad.";
        for (String name : expected.names()) {
          if (name.startsWith(prefix + "bbox_head")) {
            Tensor parameter = fixture.parameters.all().get(ours(name.substring(prefix.length())));
            assertArrayEquals(
                expected.floats(name), fixture.torch.gradient(parameter).floats(), 2e-5f, name);
          }
        }
      }
    }
  }

  @Test
  void detectionsAreThoseOfThePublishedCode() {
    try (var fixture = new HeadOnFeatures(new LossChoice(null, null, BoxWeighting.RELEASED));
        Step _ = fixture.torch.step(false)) {
      FcosLoss.Prediction prediction = fixture.predict();
      var output =
          new FcosDecoder.Output(
              fixture.torch.sigmoid(prediction.logits()).floats(),
              prediction.distances().floats(),
              fixture.torch.sigmoid(prediction.centerness()).floats());
      List<Detections> found =
          new FcosDecoder(LAYOUT.levels(), sizes(), CLASSES).decode(output, samples());
      for (int image = 0; image < 2; image++) {
        float[] boxes = expected.floats("eval.det" + image + ".boxes");
        long[] labels = expected.longs("eval.det" + image + ".labels");
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

  private static LossTerm term(String name) {
    return name == null ? null : new LossTerm(name, null, 1);
  }

  private List<Size> sizes() {
    List<Size> sizes = new ArrayList<>();
    for (int level = 0; level < LEVELS; level++) {
      long[] shape = expected.get("eval.feat" + level).shape();
      sizes.add(new Size((int) shape[2], (int) shape[3]));
    }
    return sizes;
  }

  private List<Batch.Sample> samples() {
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
              java.util.stream.LongStream.of(labels).mapToInt(label -> (int) label).toArray()));
    }
    return samples;
  }

  /** Maps of all levels, batch × channels × height × width, as rows of channels. */
  private float[] rows(String name, int channels) {
    List<Float> rows = new ArrayList<>();
    for (int level = 0; level < LEVELS; level++) {
      float[] map = expected.floats(name + level);
      int area = sizes().get(level).area();
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

  /** Our name of a parameter of the published code's head. */
  private static String ours(String name) {
    String[] part = name.split("\\.", -1);
    String last = part[part.length - 1];
    return switch (part[1]) {
      case "cls_convs", "reg_convs" ->
          "head.%s_head.conv.%d.%s"
              .formatted(
                  part[1].startsWith("cls") ? "classification" : "regression",
                  3 * Integer.parseInt(part[2]) + (part[3].equals("gn") ? 1 : 0),
                  last);
      case "conv_cls" -> "head.classification_head.cls_logits." + last;
      case "conv_reg" -> "head.regression_head.bbox_reg." + last;
      case "conv_centerness" -> "head.regression_head.bbox_ctrness." + last;
      case "scales" -> "head.scales." + part[2] + ".scale";
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The head with the published code's weights, on its features. */
  private final class HeadOnFeatures implements AutoCloseable {
    private final FcosLoss loss;
    private final Torch torch;
    private final Parameters parameters;
    private final FcosHead head;

    HeadOnFeatures(LossChoice choice) {
      loss = new FcosLoss(LossPair.oneStage(choice));
      List<String> scripts = new ArrayList<>(loss.scripts());
      scripts.add(COPY);
      torch = Torch.open(false, 2, scripts);
      parameters = new Parameters(torch);
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
      head =
          new FcosHead(
              new Weights(torch, parameters, random, Weights.Biases.FAST), LAYOUT, CLASSES, 4);
      try (Step _ = torch.step(false)) {
        for (String name : weights.names()) {
          if (name.startsWith("bbox_head")) {
            Tensor to = parameters.all().get(ours(name));
            Tensor values = torch.tensor(weights.floats(name), weights.get(name).shape());
            torch.call("put").with(to).with(values).run();
          }
        }
      }
    }

    FcosLoss.Prediction predict() {
      List<Tensor> features = new ArrayList<>();
      for (int level = 0; level < LEVELS; level++) {
        Fixture.Entry entry = expected.get("eval.feat" + level);
        features.add(torch.tensor(entry.floats(), entry.shape()));
      }
      return head.predict(features);
    }

    FcosLoss.Terms loss() {
      FcosLoss.Target target = FcosTargets.assign(LAYOUT.levels(), sizes(), samples(), CLASSES);
      return loss.terms(torch, predict(), target, 2);
    }

    @Override
    public void close() {
      torch.close();
    }
  }
}
