package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Split;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Placement;
import dev.autoloss.trainer.tensor.Placement.Numbers;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One step in bfloat16 beside the same in single precision. */
class PrecisionTest {
  private static final int SIDE = 64;

  /** Eight bits of mantissa, through some twenty layers. */
  private static final double LOSS_TOLERANCE = 2e-2;

  private static final double GRADIENT_TOLERANCE = 1e-1;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  /** Loss, and the gradient of every parameter in single precision. */
  private record Outcome(double loss, List<float[]> gradients) {}

  private static Outcome outcome(Architecture architecture, Numbers numbers) {
    var spec =
        new DetectorTrainingSpec(
            new Detector(
                architecture,
                Backbone.SMALL,
                new Preprocessing(ChannelOrder.RGB, List.of(0., 0., 0.), List.of(1., 1., 1.))),
            null,
            new LossChoice(null, null, BoxWeighting.INTENDED),
            null,
            3,
            new Accelerator("nvidia.com/gpu", 0, 2),
            Split.VALIDATION,
            null,
            null,
            null,
            null,
            null,
            null);
    DetectorPlan plan = DetectorPlan.of(spec);
    var placement = new Placement(OptionalInt.empty(), 2, numbers);
    try (Torch torch = Torch.open(placement, plan.scripts())) {
      var parameters = new Parameters(torch);
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
      DetectorNetwork network = plan.build(torch, parameters, 2, random);
      float[] pixels = new float[2 * 3 * SIDE * SIDE];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      List<Batch.Sample> samples = new ArrayList<>();
      for (int image = 0; image < 2; image++) {
        samples.add(
            new Batch.Sample(
                image, SIDE, SIDE, SIDE, SIDE, new float[] {8, 12, 40, 50}, new int[] {image}));
      }
      try (Step _ = torch.step(true)) {
        var terms = network.loss(new Batch(pixels, SIDE, SIDE, samples), 0);
        torch.backward(terms.total());
        // floats() refuses everything but single precision.
        List<float[]> gradients =
            parameters.trained().values().stream()
                .map(tensor -> torch.gradient(tensor).floats())
                .toList();
        parameters.all().values().forEach(tensor -> assertTrue(tensor.floats().length > 0));
        return new Outcome(terms.total().floats()[0], gradients);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FCOS", "ATSS"})
  void lossAndGradientsAreNearThoseOfSinglePrecision(Architecture architecture) {
    Outcome single = outcome(architecture, Numbers.SINGLE);
    Outcome brain = outcome(architecture, Numbers.BRAIN);
    assertTrue(single.loss() != brain.loss(), "nothing was rounded");
    assertEquals(1, brain.loss() / single.loss(), LOSS_TOLERANCE);
    double squares = 0;
    double differences = 0;
    for (int i = 0; i < single.gradients().size(); i++) {
      float[] a = single.gradients().get(i);
      float[] b = brain.gradients().get(i);
      for (int j = 0; j < a.length; j++) {
        squares += (double) a[j] * a[j];
        differences += ((double) a[j] - b[j]) * ((double) a[j] - b[j]);
      }
    }
    assertTrue(squares > 0);
    double relative = Math.sqrt(differences / squares);
    assertTrue(relative <= GRADIENT_TOLERANCE, "gradients differ by " + relative);
  }
}
