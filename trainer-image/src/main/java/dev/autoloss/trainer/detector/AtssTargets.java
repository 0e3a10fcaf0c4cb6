package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.detector.OneStageLayout.Level;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.loss.OneStageTarget;
import java.util.Arrays;
import java.util.List;

/**
 * Gives each anchor its object: of the nine anchors of each level whose centres are nearest to the
 * object's, those whose overlap reaches mean plus deviation of all of them and whose centre lies in
 * the object; the object of greatest overlap if there are several.
 *
 * <p>An anchor is a square of eight strides around its point. Anchors outside of an image's padded
 * size don't count.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     atss_assigner.py, atss_head.py</a>
 */
final class AtssTargets {
  private static final int NEAREST = 9;
  private static final int STRIDES_A_SIDE = 8;
  private static final float INSIDE = 0.01f;
  private static final int PADDING = 32;

  private final List<Level> levels;
  private final List<Points> points;
  private final int images;
  private final int classes;
  private final long[] labels;

  /** Of each point, the object that it has and its overlap with it. */
  private final int[] objects;

  private final float[] overlaps;

  private AtssTargets(List<Level> levels, List<Points> points, int images, int classes) {
    this.levels = levels;
    this.points = points;
    this.images = images;
    this.classes = classes;
    int count = points.stream().mapToInt(Points::count).sum() * images;
    this.labels = new long[count];
    this.objects = new int[count];
    this.overlaps = new float[count];
  }

  /**
   * Assigns a batch; arguments as {@link FcosTargets#assign}'s.
   *
   * @return points level by level, image by image, row by row
   */
  static OneStageTarget assign(
      List<Level> levels, List<Points> points, List<Batch.Sample> samples, int classes) {
    var targets = new AtssTargets(levels, points, samples.size(), classes);
    Arrays.fill(targets.labels, -1);
    Arrays.fill(targets.objects, -1);
    int positives = 0;
    for (int image = 0; image < samples.size(); image++) {
      positives += Math.max(1, targets.assign(image, samples.get(image)));
    }
    return targets.target(samples, positives);
  }

  /** Number of the first point of an image at a level. */
  private int start(int level, int image) {
    int before = 0;
    for (int i = 0; i < level; i++) {
      before += points.get(i).count();
    }
    return before * images + points.get(level).count() * image;
  }

  /** Rows and columns of a level whose points lie in an image's padded size. */
  private Points valid(int level, Batch.Sample sample) {
    int stride = levels.get(level).stride();
    return Points.of(
        Math.min(points.get(level).height(), Math.ceilDiv(padded(sample.height()), stride)),
        Math.min(points.get(level).width(), Math.ceilDiv(padded(sample.width()), stride)),
        stride,
        0);
  }

  private static int padded(int length) {
    return Math.ceilDiv(length, PADDING) * PADDING;
  }

  /** Assigns an image and counts its positives. */
  private int assign(int image, Batch.Sample sample) {
    for (int level = 0; level < levels.size(); level++) {
      Points valid = valid(level, sample);
      for (int row = 0; row < valid.height(); row++) {
        int at = start(level, image) + row * points.get(level).width();
        Arrays.fill(labels, at, at + valid.width(), classes);
      }
    }
    for (int object = 0; object < sample.labels().length; object++) {
      claim(image, sample, object);
    }
    int positives = 0;
    for (int level = 0; level < levels.size(); level++) {
      int first = start(level, image);
      for (int point = first; point < first + points.get(level).count(); point++) {
        if (objects[point] >= 0) {
          labels[point] = sample.labels()[objects[point]];
          positives++;
        }
      }
    }
    return positives;
  }

  private void claim(int image, Batch.Sample sample, int object) {
    Nearest[] candidates = new Nearest[levels.size()];
    double sum = 0;
    int count = 0;
    for (int level = 0; level < levels.size(); level++) {
      candidates[level] = nearest(level, sample, object);
      for (float overlap : candidates[level].overlaps()) {
        sum += overlap;
        count++;
      }
    }
    double mean = sum / count;
    float threshold = (float) (mean + deviation(candidates, mean, count));
    for (int level = 0; level < levels.size(); level++) {
      for (int i = 0; i < candidates[level].offsets().length; i++) {
        int offset = candidates[level].offsets()[i];
        float overlap = candidates[level].overlaps()[i];
        if (overlap >= threshold && inside(level, offset, sample.boxes(), 4 * object)) {
          take(start(level, image) + offset, object, overlap);
        }
      }
    }
  }

  private static double deviation(Nearest[] candidates, double mean, int count) {
    double squares = 0;
    for (Nearest level : candidates) {
      for (float overlap : level.overlaps()) {
        squares += (overlap - mean) * (overlap - mean);
      }
    }
    return Math.sqrt(squares / (count - 1));
  }

  private void take(int point, int object, float overlap) {
    if (objects[point] < 0 || overlap > overlaps[point]) {
      objects[point] = object;
      overlaps[point] = overlap;
    }
  }

  /** Anchors of a level, nearest first, and their overlaps with an object. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
  private record Nearest(int[] offsets, float[] overlaps) {}

  private Nearest nearest(int level, Batch.Sample sample, int object) {
    float[] boxes = sample.boxes();
    int at = 4 * object;
    Points valid = valid(level, sample);
    int width = points.get(level).width();
    int stride = levels.get(level).stride();
    float centreX = (boxes[at] + boxes[at + 2]) / 2;
    float centreY = (boxes[at + 1] + boxes[at + 3]) / 2;
    int[] offsets = new int[Math.min(NEAREST, valid.count())];
    float[] distances = new float[offsets.length];
    int count = 0;
    for (int row = 0; row < valid.height(); row++) {
      for (int column = 0; column < valid.width(); column++) {
        float x = valid.x(column) - centreX;
        float y = valid.y(row) - centreY;
        float distance = x * x + y * y;
        if (count == offsets.length && distance >= distances[count - 1]) {
          continue;
        }
        int place = count == offsets.length ? count - 1 : count++;
        for (; place > 0 && distances[place - 1] > distance; place--) {
          distances[place] = distances[place - 1];
          offsets[place] = offsets[place - 1];
        }
        distances[place] = distance;
        offsets[place] = row * width + column;
      }
    }
    float[] overlaps = new float[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      overlaps[i] = overlap(x(level, offsets[i]), y(level, offsets[i]), stride, boxes, at);
    }
    return new Nearest(offsets, overlaps);
  }

  private float x(int level, int offset) {
    return points.get(level).x(offset % points.get(level).width());
  }

  private float y(int level, int offset) {
    return points.get(level).y(offset / points.get(level).width());
  }

  /** Intersection over union of the anchor around a point and a box. */
  private static float overlap(float x, float y, int stride, float[] boxes, int at) {
    float half = STRIDES_A_SIDE * stride / 2f;
    float width = Math.min(x + half, boxes[at + 2]) - Math.max(x - half, boxes[at]);
    float height = Math.min(y + half, boxes[at + 3]) - Math.max(y - half, boxes[at + 1]);
    float both = Math.max(width, 0) * Math.max(height, 0);
    float area = (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
    return both / Math.max(2 * half * (2 * half) + area - both, 1e-6f);
  }

  private boolean inside(int level, int offset, float[] boxes, int at) {
    float[] distances = distances(x(level, offset), y(level, offset), boxes, at);
    return Math.min(Math.min(distances[0], distances[1]), Math.min(distances[2], distances[3]))
        > INSIDE;
  }

  private static float[] distances(float x, float y, float[] boxes, int at) {
    return new float[] {x - boxes[at], y - boxes[at + 1], boxes[at + 2] - x, boxes[at + 3] - y};
  }

  private OneStageTarget target(List<Batch.Sample> samples, int divisor) {
    int count = 0;
    for (int object : objects) {
      count += object >= 0 ? 1 : 0;
    }
    long[] positives = new long[count];
    long[] positiveLevels = new long[count];
    float[] strides = new float[count];
    float[] distances = new float[4 * count];
    int next = 0;
    for (int level = 0; level < levels.size(); level++) {
      for (int image = 0; image < images; image++) {
        int first = start(level, image);
        for (int offset = 0; offset < points.get(level).count(); offset++) {
          int point = first + offset;
          int object = objects[point];
          if (object >= 0) {
            positives[next] = point;
            positiveLevels[next] = level;
            strides[next] = levels.get(level).stride();
            float[] boxes = samples.get(image).boxes();
            float[] of = distances(x(level, offset), y(level, offset), boxes, 4 * object);
            System.arraycopy(of, 0, distances, 4 * next, 4);
            next++;
          }
        }
      }
    }
    return new OneStageTarget(
        labels, positives, distances, strides, positiveLevels, divisor, divisor);
  }
}
