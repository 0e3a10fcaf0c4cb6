package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.detector.region.Anchors;
import dev.autoloss.trainer.detector.region.Anchors.Extent;
import dev.autoloss.trainer.detector.region.BoxCoder;
import dev.autoloss.trainer.detector.region.Boxes;
import dev.autoloss.trainer.detector.region.OverlapAssigner;
import dev.autoloss.trainer.detector.region.RandomSampler;
import dev.autoloss.trainer.detector.region.RegionAlign.Grid;
import dev.autoloss.trainer.loss.TwoStageLoss.AnchorTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The anchors of a batch: what they should learn, and the proposals that a trained head makes of
 * them. Predictions are numbered level by level, image by image, row by row, shape by shape.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0, anchor_head.py,
 *     rpn_head.py</a>
 */
final class AnchorGrid {
  private static final int PADDING = 32;
  private static final float PROPOSAL_OVERLAP = .7f;
  private static final BoxCoder CODER = new BoxCoder(1, 1, 1, 1);
  private static final OverlapAssigner ASSIGNER = new OverlapAssigner(.3f, .7f, .3f, true);

  private final List<Grid> grids;
  private final List<Batch.Sample> samples;
  private final List<float[]> anchors = new ArrayList<>();

  AnchorGrid(List<Grid> grids, float scale, List<Batch.Sample> samples) {
    this.grids = grids;
    this.samples = samples;
    for (Grid grid : grids) {
      anchors.add(Anchors.of(grid.stride(), scale, grid.height(), grid.width()));
    }
  }

  /** The number of a level's first prediction for an image. */
  private int first(int level, int image) {
    int first = 0;
    for (float[] before : anchors.subList(0, level)) {
      first += samples.size() * before.length / 4;
    }
    return first + image * anchors.get(level).length / 4;
  }

  /**
   * What the anchors should learn.
   *
   * @param recipe sampling and whether anchors must lie in the image
   * @param random one generator for each image
   */
  AnchorTarget target(TwoStageRecipe recipe, List<RandomGenerator> random) {
    var sampled = new Sampled();
    for (int image = 0; image < samples.size(); image++) {
      sampled.add(image, recipe, random.get(image));
    }
    return sampled.target();
  }

  private final class Sampled {
    private long[] positives = new long[0];
    private long[] negatives = new long[0];
    private float[] offsets = new float[0];
    private double divisor;

    void add(int image, TwoStageRecipe recipe, RandomGenerator random) {
      Batch.Sample sample = samples.get(image);
      int[] numbers = usable(image, recipe.anchorsInside());
      float[] candidates = new float[4 * numbers.length];
      copyAnchors(image, numbers, candidates);
      int[] assigned = ASSIGNER.assign(candidates, sample.boxes());
      RandomSampler.Sample drawn = recipe.anchorSampler().sample(assigned, random);
      positives = appended(positives, numbers, drawn.positives());
      negatives = appended(negatives, numbers, drawn.negatives());
      float[] from = Boxes.pick(candidates, drawn.positives());
      int[] objects = IntStream.of(drawn.positives()).map(i -> assigned[i]).toArray();
      offsets = Boxes.join(offsets, CODER.encode(from, Boxes.pick(sample.boxes(), objects)));
      divisor += Math.max(drawn.positives().length, 1) + Math.max(drawn.negatives().length, 1);
    }

    AnchorTarget target() {
      long[] all = Arrays.copyOf(positives, positives.length + negatives.length);
      System.arraycopy(negatives, 0, all, positives.length, negatives.length);
      float[] labels = new float[all.length];
      Arrays.fill(labels, 0, positives.length, 1);
      return new AnchorTarget(all, labels, positives, offsets, divisor);
    }
  }

  private static long[] appended(long[] to, int[] numbers, int[] positions) {
    long[] longer = Arrays.copyOf(to, to.length + positions.length);
    for (int i = 0; i < positions.length; i++) {
      longer[to.length + i] = numbers[positions[i]];
    }
    return longer;
  }

  /** Numbers of the anchors of an image that a training may use; never none. */
  private int[] usable(int image, boolean inside) {
    Batch.Sample sample = samples.get(image);
    var padded = new Extent(padded(sample.height()), padded(sample.width()));
    var limits =
        inside
            ? Optional.of(new Extent(sample.height(), sample.width()))
            : Optional.<Extent>empty();
    var numbers = IntStream.builder();
    for (int level = 0; level < grids.size(); level++) {
      Grid grid = grids.get(level);
      boolean[] usable =
          Anchors.usable(anchors.get(level), grid.stride(), grid.width(), padded, limits);
      int first = first(level, image);
      IntStream.range(0, usable.length).filter(i -> usable[i]).forEach(i -> numbers.add(first + i));
    }
    int[] found = numbers.build().toArray();
    return found.length == 0 && inside ? usable(image, false) : found;
  }

  private static int padded(int length) {
    return Math.ceilDiv(length, PADDING) * PADDING;
  }

  private void copyAnchors(int image, int[] numbers, float[] to) {
    int level = 0;
    for (int i = 0; i < numbers.length; i++) {
      while (numbers[i] >= first(level, image) + anchors.get(level).length / 4) {
        level++;
      }
      int at = 4 * (numbers[i] - first(level, image));
      System.arraycopy(anchors.get(level), at, to, 4 * i, 4);
    }
  }

  /**
   * Proposals of an image, best score first.
   *
   * @param boxes n × 4, xyxy in pixels of the resized image, clipped to it
   * @param scores n scores in 0..1
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
  record Proposals(float[] boxes, float[] scores) {}

  /**
   * Makes proposals: of each level the best scored, after suppression within the level the best of
   * all.
   *
   * @param scores one for each anchor
   * @param offsets four for each anchor
   * @param limits how many
   * @return one for each image
   */
  List<Proposals> propose(float[] scores, float[] offsets, TwoStageRecipe.Limits limits) {
    List<Proposals> proposals = new ArrayList<>();
    for (int image = 0; image < samples.size(); image++) {
      proposals.add(propose(image, scores, offsets, limits));
    }
    return proposals;
  }

  private Proposals propose(
      int image, float[] scores, float[] offsets, TwoStageRecipe.Limits limits) {
    float[] boxes = new float[0];
    int[] numbers = new int[0];
    int[] levelOf = new int[0];
    for (int level = 0; level < grids.size(); level++) {
      int first = first(level, image);
      int count = anchors.get(level).length / 4;
      int[] best = Suppression.best(scores, first, count, limits.perLevel());
      int[] own = IntStream.of(best).map(number -> number - first).toArray();
      float[] decoded =
          CODER.decode(Boxes.pick(anchors.get(level), own), Boxes.pick(offsets, best));
      boxes = Boxes.join(boxes, decoded);
      numbers = joined(numbers, best);
      levelOf = Arrays.copyOf(levelOf, numbers.length);
      Arrays.fill(levelOf, numbers.length - best.length, numbers.length, level);
    }
    Batch.Sample sample = samples.get(image);
    Boxes.clip(boxes, sample.height(), sample.width());
    float[] boxScores = scores(scores, numbers);
    int[] kept = Suppression.keep(boxes, boxScores, levelOf, PROPOSAL_OVERLAP, limits.all());
    return new Proposals(Boxes.pick(boxes, kept), scores(boxScores, kept));
  }

  private static int[] joined(int[] a, int[] b) {
    int[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  private static float[] scores(float[] of, int[] positions) {
    float[] picked = new float[positions.length];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = of[positions[i]];
    }
    return picked;
  }
}
