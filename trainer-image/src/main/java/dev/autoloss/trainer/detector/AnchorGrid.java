package dev.autoloss.trainer.detector;

import dev.autoloss.api.Compatibility;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.region.Anchors;
import dev.autoloss.trainer.detector.region.Anchors.Extent;
import dev.autoloss.trainer.detector.region.BoxCoder;
import dev.autoloss.trainer.detector.region.Boxes;
import dev.autoloss.trainer.detector.region.OverlapAssigner;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.detector.region.RandomSampler;
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

  /** Proposals with a shorter side are dropped where torchvision would do so, in pixels. */
  private static final float LEAST_SIDE = 1e-3f;

  private static final OverlapAssigner ASSIGNER = new OverlapAssigner(.3f, .7f, .3f, true);

  private final TwoStageLayout layout;
  private final List<Points> points;
  private final List<Batch.Sample> samples;
  private final BoxCoder coder;
  private final List<float[]> anchors = new ArrayList<>();

  AnchorGrid(TwoStageLayout layout, List<Points> points, List<Batch.Sample> samples) {
    this.layout = layout;
    this.points = points;
    this.samples = samples;
    boolean published = layout.compatibility() == Compatibility.PUBLISHED;
    this.coder = new BoxCoder(1, 1, 1, 1, published);
    for (int level = 0; level < points.size(); level++) {
      int stride = layout.strides().get(level);
      anchors.add(Anchors.of(points.get(level), stride, layout.anchorScale(), !published));
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
      offsets = Boxes.join(offsets, coder.encode(from, Boxes.pick(sample.boxes(), objects)));
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
    for (int level = 0; level < points.size(); level++) {
      boolean[] usable = Anchors.usable(anchors.get(level), points.get(level), padded, limits);
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
   * @param ranks one for each anchor: of a level the highest remain
   * @param scores one for each anchor: after suppression the highest remain
   * @param offsets four for each anchor
   * @param limits how many
   * @return one for each image
   */
  List<Proposals> propose(
      float[] ranks, float[] scores, float[] offsets, TwoStageRecipe.Limits limits) {
    List<Proposals> proposals = new ArrayList<>();
    for (int image = 0; image < samples.size(); image++) {
      proposals.add(propose(image, ranks, scores, offsets, limits));
    }
    return proposals;
  }

  private Proposals propose(
      int image, float[] ranks, float[] scores, float[] offsets, TwoStageRecipe.Limits limits) {
    var found = new Candidates();
    Batch.Sample sample = samples.get(image);
    for (int level = 0; level < points.size(); level++) {
      int first = first(level, image);
      int count = anchors.get(level).length / 4;
      int[] best = Suppression.best(ranks, first, count, limits.perLevel());
      int[] own = IntStream.of(best).map(number -> number - first).toArray();
      float[] boxes = coder.decode(Boxes.pick(anchors.get(level), own), Boxes.pick(offsets, best));
      Boxes.clip(boxes, sample.height(), sample.width());
      for (int i = 0; i < best.length; i++) {
        float[] box = Boxes.pick(boxes, new int[] {i});
        if (!drops(box)) {
          found.add(box, scores[best[i]], level);
        }
      }
    }
    Detections kept = found.best(sample.imageId(), PROPOSAL_OVERLAP, limits.all());
    return new Proposals(kept.boxes(), kept.scores());
  }

  private boolean drops(float[] box) {
    return switch (layout.compatibility()) {
      case PUBLISHED -> false;
      case TORCHVISION -> Boxes.isNarrow(box, LEAST_SIDE);
    };
  }
}
