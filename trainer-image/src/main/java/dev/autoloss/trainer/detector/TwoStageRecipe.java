package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.region.BoxCoder;
import dev.autoloss.trainer.detector.region.OverlapAssigner;
import dev.autoloss.trainer.detector.region.RandomSampler;
import java.util.List;

/**
 * What tells two-stage detectors apart: the published settings of Faster, Cascade and Mask R-CNN.
 *
 * @param stages box heads, each refining the regions of the one before
 * @param anchorBeta where the anchors' smooth L1 goes over to straight, 0 for L1
 * @param anchorsInside whether anchors that leave the image are left out of the training
 * @param anchorSampler how many anchors of an image are trained
 * @param regionSampler how many regions of an image are trained
 * @param training proposals of an image in training
 * @param inference proposals of an image otherwise
 * @param masks whether there is a mask head
 * @see <a href="https://github.com/PerdonLiu/CSE-Autoloss">the published configurations</a>
 */
record TwoStageRecipe(
    List<Stage> stages,
    double anchorBeta,
    boolean anchorsInside,
    RandomSampler anchorSampler,
    RandomSampler regionSampler,
    Limits training,
    Limits inference,
    boolean masks) {
  /**
   * A box head's part.
   *
   * @param assigner gives regions their objects
   * @param coder of its offsets
   * @param weight of its losses
   */
  record Stage(OverlapAssigner assigner, BoxCoder coder, double weight) {}

  /**
   * How many proposals are kept.
   *
   * @param perLevel the best scored of each level, before suppression
   * @param all the best scored of an image, after it
   */
  record Limits(int perLevel, int all) {}

  private static final Limits THOUSAND = new Limits(1000, 1000);
  private static final RandomSampler ANCHORS = new RandomSampler(256, .5);
  private static final RandomSampler REGIONS = new RandomSampler(512, .25);
  private static final BoxCoder CODER = new BoxCoder(.1f, .1f, .2f, .2f);

  /** Whether all classes share a box, as those of a cascade do. */
  boolean classAgnostic() {
    return stages.size() > 1;
  }

  static TwoStageRecipe faster() {
    var stage = new Stage(assigner(.5f, false), CODER, 1);
    return new TwoStageRecipe(
        List.of(stage), 0, false, ANCHORS, REGIONS, new Limits(2000, 1000), THOUSAND, false);
  }

  static TwoStageRecipe mask() {
    var stage = new Stage(assigner(.5f, true), CODER, 1);
    return new TwoStageRecipe(
        List.of(stage), 0, false, ANCHORS, REGIONS, new Limits(2000, 1000), THOUSAND, true);
  }

  static TwoStageRecipe cascade() {
    return new TwoStageRecipe(
        List.of(
            new Stage(assigner(.5f, false), CODER, 1),
            new Stage(assigner(.6f, false), new BoxCoder(.05f, .05f, .1f, .1f), .5),
            new Stage(assigner(.7f, false), new BoxCoder(.033f, .033f, .067f, .067f), .25)),
        1 / 9.,
        true,
        ANCHORS,
        REGIONS,
        new Limits(2000, 2000),
        THOUSAND,
        false);
  }

  private static OverlapAssigner assigner(float overlap, boolean lowQuality) {
    return new OverlapAssigner(overlap, overlap, overlap, lowQuality);
  }
}
