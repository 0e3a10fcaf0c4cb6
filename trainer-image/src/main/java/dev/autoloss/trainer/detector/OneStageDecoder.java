package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.region.Points;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes detections of a one-stage detector's predictions: the best 1000 points of a level, scores
 * {@code σ(logit)·σ(centerness)} above a threshold, boxes clipped to the image and brought to
 * pixels of the original, then suppression at 0.6, and the best 100. Torchvision's have the square
 * root of that score, are the best 1000 pairs of a point and a class, and come to pixels of the
 * original last.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0, fcos_head.py
 *     and atss_head.py, get_bboxes</a>
 */
final class OneStageDecoder {
  private static final float OVERLAP = 0.6f;
  private static final int BEST_PER_LEVEL = 1000;
  private static final int BOXES_PER_IMAGE = 100;

  /** In strides. */
  private static final float ANCHOR_SIDE = 8;

  private static final float CENTRE_UNIT = 0.1f;
  private static final float SIDE_UNIT = 0.2f;
  private static final double MOST_GROWTH = Math.log(1000 / 16.);

  private final OneStageKind kind;
  private final OneStageLayout layout;
  private final List<Points> points;
  private final int classes;

  OneStageDecoder(OneStageKind kind, OneStageLayout layout, List<Points> points, int classes) {
    this.kind = kind;
    this.layout = layout;
    this.points = points;
    this.classes = classes;
  }

  /**
   * What a head says, as numbers, points as in {@link FcosTargets#assign}.
   *
   * @param scores points × classes, in 0..1
   * @param boxes points × 4, as the kind has them
   * @param centerness points, in 0..1
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
  record Output(float[] scores, float[] boxes, float[] centerness) {}

  /** Makes the detections of each image. */
  List<Detections> decode(Output output, List<Batch.Sample> samples) {
    List<Detections> all = new ArrayList<>();
    for (int image = 0; image < samples.size(); image++) {
      var found = new Candidates();
      int start = 0;
      Batch.Sample sample = samples.get(image);
      for (int level = 0; level < points.size(); level++) {
        int area = points.get(level).count();
        int first = start + image * area;
        switch (layout.compatibility()) {
          case PUBLISHED -> collect(output, first, level, sample, found);
          case TORCHVISION -> collectPairs(output, first, level, sample, found);
        }
        start += samples.size() * area;
      }
      Detections best = found.best(sample.imageId(), OVERLAP, BOXES_PER_IMAGE);
      all.add(
          switch (layout.compatibility()) {
            case PUBLISHED -> best;
            case TORCHVISION -> OriginalPixels.of(best, sample);
          });
    }
    return all;
  }

  private void collect(Output output, int first, int level, Batch.Sample sample, Candidates found) {
    for (int offset : bestPoints(output, first, points.get(level).count())) {
      float[] resized = box(output.boxes(), first + offset, level, offset, sample);
      float[] box = OriginalPixels.of(resized, sample);
      for (int label = 0; label < classes; label++) {
        float score = score(output, first + offset, label);
        if (score > layout.leastScore()) {
          found.add(box, score, label);
        }
      }
    }
  }

  private void collectPairs(
      Output output, int first, int level, Batch.Sample sample, Candidates found) {
    int pairs = points.get(level).count() * classes;
    long[] order = new long[pairs];
    int count = 0;
    for (int pair = 0; pair < pairs; pair++) {
      float score = (float) Math.sqrt(score(output, first + pair / classes, pair % classes));
      if (score > layout.leastScore()) {
        order[count++] = (long) ~Float.floatToIntBits(score) << 32 | pair;
      }
    }
    Arrays.sort(order, 0, count);
    for (int i = 0; i < Math.min(count, BEST_PER_LEVEL); i++) {
      int pair = (int) order[i];
      int offset = pair / classes;
      float[] box = box(output.boxes(), first + offset, level, offset, sample);
      found.add(box, Float.intBitsToFloat(~(int) (order[i] >> 32)), pair % classes);
    }
  }

  private float score(Output output, int point, int label) {
    return output.scores()[point * classes + label] * output.centerness()[point];
  }

  /** Offsets of the points with the best scores, best first; all of them if they are few. */
  private int[] bestPoints(Output output, int first, int area) {
    long[] order = new long[area];
    for (int offset = 0; offset < area; offset++) {
      float best = 0;
      for (int label = 0; label < classes; label++) {
        best = Math.max(best, score(output, first + offset, label));
      }
      order[offset] = (long) ~Float.floatToIntBits(best) << 32 | offset;
    }
    if (area > BEST_PER_LEVEL) {
      Arrays.sort(order);
    }
    return Arrays.stream(order).limit(BEST_PER_LEVEL).mapToInt(key -> (int) key).toArray();
  }

  /** In pixels of the resized image. */
  private float[] box(float[] boxes, int point, int level, int offset, Batch.Sample sample) {
    int stride = layout.levels().get(level).stride();
    Points grid = points.get(level);
    float x = grid.x(offset % grid.width());
    float y = grid.y(offset / grid.width());
    float[] distances = distances(boxes, 4 * point);
    return new float[] {
      Math.clamp(x - distances[0] * stride, 0, sample.width()),
      Math.clamp(y - distances[1] * stride, 0, sample.height()),
      Math.clamp(x + distances[2] * stride, 0, sample.width()),
      Math.clamp(y + distances[3] * stride, 0, sample.height())
    };
  }

  /** Distances to the sides in units of the stride. */
  private float[] distances(float[] boxes, int at) {
    float[] box = Arrays.copyOfRange(boxes, at, at + 4);
    return switch (kind) {
      case FCOS -> box;
      case ATSS -> {
        float halfWidth = side(box[2]) / 2;
        float halfHeight = side(box[3]) / 2;
        float right = ANCHOR_SIDE * CENTRE_UNIT * box[0];
        float down = ANCHOR_SIDE * CENTRE_UNIT * box[1];
        yield new float[] {
          halfWidth - right, halfHeight - down, halfWidth + right, halfHeight + down
        };
      }
    };
  }

  private static float side(float offset) {
    return ANCHOR_SIDE
        * (float) Math.exp(Math.clamp(SIDE_UNIT * offset, -MOST_GROWTH, MOST_GROWTH));
  }
}
