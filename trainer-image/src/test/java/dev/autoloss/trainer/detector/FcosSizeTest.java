package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.LossChoice;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.FcosLoss;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks: as many parameters as the references have, and a step that reaches them all. */
class FcosSizeTest {
  private static final int COCO_CLASSES = 80;

  /** Bodies: torchvision's without the classifier. All: the published FCOS with ResNet-50. */
  @ParameterizedTest
  @CsvSource({
    "RESNET_50, 23508032, 32297370, backbone.body.layer3.5.bn3.weight",
    "RESNET_18, 11176512, 0, backbone.body.layer4.1.conv2.weight",
    "SMALL, 0, 0, backbone.body.layer3.0.0.weight"
  })
  void parametersAreThoseOfTheReference(Backbone backbone, long body, long all, String name) {
    Engines.prepare(2);
    var loss = new FcosLoss(LossPair.oneStage(new LossChoice(null, null, BoxWeighting.INTENDED)));
    try (Torch torch = Torch.open(false, 2, loss.scripts())) {
      var parameters = new Parameters(torch);
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
      var detector = new Fcos(torch, parameters, backbone, COCO_CLASSES, random);
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
        FcosLoss.Terms terms = detector.loss(batch, loss);
        torch.backward(terms.total());
        parameters
            .all()
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
    return parameters.all().entrySet().stream()
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
