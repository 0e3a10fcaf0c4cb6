package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.detector.region.RegionAlign;
import dev.autoloss.trainer.detector.region.RegionAlign.Grid;
import dev.autoloss.trainer.detector.region.RegionAlign.Maps;
import dev.autoloss.trainer.detector.region.Sampling;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RoIAlign on tensors, with its gradient, against mmcv's. */
class RegionTensorFixtureTest {
  private static final String WEIGHTED =
      """
        def weighted(self: __torch__.Ops, y: Tensor, g: Tensor) -> Tensor:
          return torch.sum(torch.mul(y, g), dtype=None)
      """;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  @ParameterizedTest
  @CsvSource({
    "ADAPTIVE, repo_sr0_aligned, 7",
    "ADAPTIVE, repo_sr0_aligned, 14",
    "TWO, tv_sr2_legacy, 7"
  })
  void regionsAndTheirGradientAreThoseOfTheReference(Sampling sampling, String file, int side) {
    Fixture ops = Fixture.read("ops");
    float[] rois = ops.floats("roi.rois");
    int count = rois.length / 5;
    float[] boxes = new float[4 * count];
    int[] imageOf = new int[count];
    for (int i = 0; i < count; i++) {
      imageOf[i] = (int) rois[5 * i];
      System.arraycopy(rois, 5 * i + 1, boxes, 4 * i, 4);
    }
    Fixture.Entry map = ops.get("roi.x");
    var grid = new Grid(4, (int) map.shape()[2], (int) map.shape()[3]);
    var maps = new Maps(2, List.of(grid));
    var bags = RegionAlign.bags(boxes, imageOf, new int[count], side, maps, sampling);
    String name = "roi." + file + "_" + side;
    try (Torch torch = Torch.open(false, 2, List.of(WEIGHTED));
        Step _ = torch.step(true)) {
      Tensor x = torch.trained(torch.tensor(map.floats(), map.shape()));
      Tensor y = torch.regions(List.of(x), bags.pixels(), bags.starts(), bags.weights(), side);
      assertArrayEquals(ops.get(name + ".y").shape(), y.shape());
      assertArrayEquals(ops.floats(name + ".y"), y.floats(), 1e-5f);
      Fixture.Entry weights = ops.get(name + ".gy");
      Tensor g = torch.tensor(weights.floats(), weights.shape());
      torch.backward(torch.call("weighted").with(y).with(g).tensor());
      assertArrayEquals(ops.floats(name + ".gx"), torch.gradient(x).floats(), 1e-4f);
    }
  }
}
