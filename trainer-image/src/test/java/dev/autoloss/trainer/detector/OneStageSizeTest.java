package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.Norm;
import dev.autoloss.api.Style;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.loss.OneStageLoss;
import dev.autoloss.trainer.loss.Terms;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks: as many parameters as the references have, and a step that reaches them all. */
class OneStageSizeTest {
  private static final int COCO_CLASSES = 80;

  /** Bodies: torchvision's without the classifier. All: the published detectors with ResNet-50. */
  @ParameterizedTest
  @CsvSource({
    "FCOS, GN, RESNET_50, 23508032, 32297370, backbone.body.layer3.5.bn3.weight",
    "ATSS, FROZEN_BN, RESNET_50, 23508032, 32295322, backbone.body.layer3.5.bn3.weight",
    "FCOS, BN, RESNET_18, 11176512, 0, backbone.body.layer4.1.conv2.weight",
    "ATSS, GN, RESNET_34, 21284672, 0, backbone.body.layer3.5.conv2.weight",
    "FCOS, GN, RESNET_101, 42500160, 0, backbone.body.layer3.22.bn3.weight",
    "FCOS, GN, SMALL, 0, 0, backbone.body.layer3.0.0.weight",
    "ATSS, BN, SMALL, 0, 0, backbone.body.layer3.0.0.weight"
  })
  void parametersAreThoseOfTheReference(
      OneStageKind kind, Norm norm, Backbone backbone, long body, long all, String name) {
    Engines.prepare(2);
    var loss = LossPair.oneStage(new LossChoice(null, null, BoxWeighting.INTENDED));
    var plan =
        new OneStagePlan(
            kind,
            new BodyLayout(backbone, Style.PYTORCH, norm, 0, 64, Compatibility.PUBLISHED),
            OneStageLayout.of(backbone, Compatibility.PUBLISHED),
            new OneStageLoss(loss, kind.boxes()));
    try (Torch torch = Torch.open(false, 2, plan.scripts())) {
      var parameters = new Parameters(torch);
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
      DetectorNetwork detector = plan.build(torch, parameters, COCO_CLASSES, random);
      assertTrue(parameters.all().containsKey(name), parameters.all().keySet().toString());
      if (body > 0) {
        assertEquals(body, count(parameters, "backbone.body."));
      }
      if (all > 0) {
        assertEquals(all, count(parameters, ""));
      }
      try (Step _ = torch.step(true)) {
        var sample =
            new Batch.Sample(1, 64, 64, 64, 64, new float[] {8, 8, 50, 44}, new int[] {79});
        var batch = new Batch(noise(3 * 64 * 64), 64, 64, List.of(sample));
        Terms terms = detector.loss(batch, 0);
        torch.backward(terms.total());
        parameters
            .trained()
            .forEach(
                (parameter, tensor) ->
                    assertEquals(
                        LongStream.of(tensor.shape()).reduce(1, (a, b) -> a * b),
                        torch.gradient(tensor).floats().length,
                        parameter));
        assertTrue(parameters.gradientNorm() > 0);
      }
    }
  }

  private static long count(Parameters parameters, String prefix) {
    return parameters.trained().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(entry -> LongStream.of(entry.getValue().shape()).reduce(1, (a, b) -> a * b))
        .sum();
  }

  private static float[] noise(int count) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
