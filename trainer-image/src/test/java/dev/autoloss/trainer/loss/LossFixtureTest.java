package dev.autoloss.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Losses and box decoding with their gradients, against the published code's numbers. */
class LossFixtureTest {
  /** By which the published code divided, and its weight of two-stage box losses. */
  private static final double POINTS_AND_IMAGES = 9;

  private static final double REGIONS = 64;
  private static final double TEN = 10;
  private static final double VALUE = 1e-5;
  private static final float GRADIENT = 1e-4f;

  private static final String EXTRA =
      """
        def total(self: __torch__.Ops, f: Tensor, factor: float) -> Tensor:
          return torch.mul(torch.sum(f, dtype=None), factor)
        def weighted(self: __torch__.Ops, y: Tensor, g: Tensor) -> Tensor:
          return torch.sum(torch.mul(y, g), dtype=None)
      """;

  private final Fixture ops = Fixture.read("ops");

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  private static LossTerm term(String name) {
    return name == null ? null : new LossTerm(name, null, 1);
  }

  private static Torch open(List<String> scripts) {
    List<String> all = new ArrayList<>(scripts);
    all.add(EXTRA);
    return Torch.open(false, 2, all);
  }

  private Tensor tensor(Torch torch, String name) {
    Fixture.Entry entry = ops.get(name);
    return torch.tensor(entry.floats(), entry.shape());
  }

  /** Value and gradient within a hundred-thousandth and a ten-thousandth of the greatest. */
  private void assertLoss(Torch torch, String name, Tensor loss, Tensor by) {
    assertLoss(torch, name, ops.floats(name + ".grad"), loss, by);
  }

  private static void assertLoss(
      Torch torch, String name, float[] gradient, Tensor loss, Tensor by) {
    double expected = Fixture.json("ops").get(name).asDouble();
    assertEquals(expected, loss.floats()[0], VALUE * Math.max(1, Math.abs(expected)), name);
    torch.backward(loss);
    float greatest = 1;
    for (float number : gradient) {
      greatest = Math.max(greatest, Math.abs(number));
    }
    assertArrayEquals(gradient, torch.gradient(by).floats(), GRADIENT * greatest, name);
  }

  @ParameterizedTest
  @CsvSource({"A_reg, CseARegression", "B_reg, CseBRegression", "giou,"})
  void boxLosses(String name, String loss) {
    var choice = new LossChoice(null, term(loss), BoxWeighting.RELEASED);
    // Of one weight for all, the loss of a two-stage detector's head.
    var twoStage = new TwoStageLoss(LossPair.twoStage(choice));
    double factor = name.equals("B_reg") ? 1 : TEN;
    try (Torch torch = open(twoStage.scripts());
        Step _ = torch.step(true)) {
      Tensor p = torch.trained(tensor(torch, "loss.pred"));
      Tensor each = each(torch, p);
      Tensor sum = torch.call("total").with(each).with(factor / REGIONS).tensor();
      assertLoss(torch, "loss." + name + ".w4", sum, p);
    }
    // Of a weight for each box, as FCOS gives them: the searched losses lose them.
    var oneStage = new OneStageLoss(LossPair.oneStage(choice), OneStageLoss.Boxes.DISTANCES);
    try (Torch torch = open(oneStage.scripts());
        Step _ = torch.step(true)) {
      Tensor p = torch.trained(tensor(torch, "loss.pred"));
      Tensor w = tensor(torch, "loss.w1");
      float[] weights = ops.floats("loss.w1");
      int count = weights.length;
      double all = IntStream.range(0, count).mapToDouble(i -> weights[i]).sum();
      Tensor levels = torch.tensor(new long[count], count);
      Tensor each = torch.call("weigh").with(eachOneStage(torch, p)).with(w).with(levels).tensor();
      Tensor scaled = torch.call("total").with(each).with(factor / all).tensor();
      assertLoss(torch, "loss." + name + ".w1", scaled, p);
    }
  }

  private Tensor each(Torch torch, Tensor p) {
    Tensor t = tensor(torch, "loss.target");
    List<Tensor> areas = torch.call("edge_areas").with(p).with(t).tensors();
    return torch.call("box_loss").with(p).with(t).with(p).with(t).with(areas).tensor();
  }

  /** Edges as distances from the origin: to the left and above they are negative. */
  private Tensor eachOneStage(Torch torch, Tensor p) {
    Tensor t = tensor(torch, "loss.target");
    Tensor distances = torch.call("edges").with(p).tensor();
    Tensor wanted = torch.call("edges").with(t).tensor();
    List<Tensor> areas = torch.call("box_areas").with(distances).with(wanted).tensors();
    return torch.call("box_loss").with(p).with(t).with(p).with(t).with(areas).tensor();
  }

  /** A label weight of 0 is, here, a region that was not sampled. */
  @Test
  void twoStageClassification() {
    var choice = new LossChoice(term("CseAClassification"), null, BoxWeighting.RELEASED);
    Fixture.Entry logits = ops.get("loss.X");
    int width = (int) logits.shape()[1];
    int[] rows =
        IntStream.range(0, (int) logits.shape()[0])
            .filter(i -> ops.floats("loss.lw")[i] > 0)
            .toArray();
    long[] labels = IntStream.of(rows).mapToLong(i -> ops.longs("loss.y")[i]).toArray();
    float[] overlaps = overlaps(ops.longs("loss.y"), width - 1, 1);
    float[] sampled = new float[rows.length];
    float[] x = new float[rows.length * width];
    float[] gradient = new float[x.length];
    for (int i = 0; i < rows.length; i++) {
      sampled[i] = overlaps[rows[i]];
      System.arraycopy(logits.floats(), rows[i] * width, x, i * width, width);
      System.arraycopy(ops.floats("loss.A_cls.grad"), rows[i] * width, gradient, i * width, width);
    }
    try (Torch torch = open(new TwoStageLoss(LossPair.twoStage(choice)).scripts());
        Step _ = torch.step(true)) {
      Tensor by = torch.trained(torch.tensor(x, rows.length, width));
      Tensor loss =
          torch
              .call("region_classes")
              .with(by)
              .with(torch.tensor(sampled, rows.length))
              .with(torch.tensor(labels, rows.length))
              .with((double) rows.length)
              .with(1.)
              .tensor();
      assertLoss(torch, "loss.A_cls", gradient, loss, by);
    }
  }

  /** Overlaps of the regions with a class, in order; another number for background. */
  private float[] overlaps(long[] labels, int background, float otherwise) {
    float[] overlaps = new float[labels.length];
    int next = 0;
    for (int i = 0; i < labels.length; i++) {
      overlaps[i] = labels[i] == background ? otherwise : ops.floats("loss.iou")[next++];
    }
    return overlaps;
  }

  /** A label weight of 0 is, here, a point that does not count. */
  @ParameterizedTest
  @CsvSource({
    "B_cls, none, CseBClassification",
    "B_cls, lw, CseBClassification",
    "focal, none,",
    "focal, lw,"
  })
  void oneStageClassification(String name, String weights, String loss) {
    var choice = new LossChoice(term(loss), null, BoxWeighting.RELEASED);
    long[] labels = ops.longs("loss.y").clone();
    int background = (int) ops.get("loss.X5").shape()[1];
    float[] overlaps = overlaps(labels, background, 0);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = weights.equals("lw") && ops.floats("loss.lw")[i] == 0 ? -1 : labels[i];
    }
    assertEquals(weights.equals("lw"), LongStream.of(labels).anyMatch(label -> label < 0));
    var pair = LossPair.oneStage(choice);
    try (Torch torch = open(new OneStageLoss(pair, OneStageLoss.Boxes.DISTANCES).scripts());
        Step _ = torch.step(true)) {
      Tensor x = torch.trained(tensor(torch, "loss.X5"));
      Tensor sum =
          torch
              .call("classification_sum")
              .with(x)
              .with(torch.tensor(overlaps, labels.length))
              .with(torch.tensor(labels, labels.length))
              .with(POINTS_AND_IMAGES)
              .tensor();
      assertLoss(torch, "loss." + name + "." + weights, sum, x);
    }
  }

  /** The gradient of the sum of all edges, of which the k-th counts k times. */
  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, .1, .2", "2, .05, .1", "3, .033, .067"})
  void decodedBoxes(int set, float centre, float side) {
    var choice = new LossChoice(null, null, BoxWeighting.RELEASED);
    float[] deviations = {centre, centre, side, side};
    try (Torch torch = open(new TwoStageLoss(LossPair.twoStage(choice)).scripts());
        Step _ = torch.step(true)) {
      Tensor d = torch.trained(tensor(torch, "coder.delta"));
      Tensor boxes =
          torch
              .call("decode_boxes")
              .with(d)
              .with(tensor(torch, "coder.src"))
              .with(torch.tensor(deviations, 4))
              .tensor();
      float[] expected = ops.floats("coder.dec" + set);
      float[] found = boxes.floats();
      float[] counts = new float[expected.length];
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], VALUE * Math.max(1, Math.abs(expected[i])));
        counts[i] = i + 1;
      }
      Tensor weights = torch.tensor(counts, ops.get("coder.dec" + set).shape());
      torch.backward(torch.call("weighted").with(boxes).with(weights).tensor());
      float[] gradient = ops.floats("coder.dec_grad" + set);
      float[] foundGradient = torch.gradient(d).floats();
      for (int i = 0; i < gradient.length; i++) {
        float size = Math.max(1, Math.abs(gradient[i]));
        assertEquals(gradient[i], foundGradient[i], GRADIENT * size, "gradient " + i);
      }
    }
  }
}
