package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.detector.OneStageLayout.Level;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.loss.OneStageTarget;
import java.util.Arrays;
import java.util.List;

/**
 * Gives each point of each level its object: one whose box contains the point within 1.5 strides of
 * the box's centre, and whose size suits the level; the smallest box if there are several.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0, fcos_head.py,
 *     get_targets</a>
 */
final class FcosTargets {
  private static final float CENTRE_RADIUS = 1.5f;

  private final int classes;
  private final long[] labels;
  private final long[] positives;
  private float[] distances = new float[64];
  private int point;
  private int count;

  private FcosTargets(int points, int classes) {
    this.classes = classes;
    this.labels = new long[points];
    this.positives = new long[points];
  }

  /**
   * Assigns a batch.
   *
   * @param levels the levels, in the order of {@code points}
   * @param points of each level
   * @param samples the images, with boxes in pixels of the input
   * @param classes number of classes, the label of background
   * @return points level by level, image by image, row by row
   */
  static OneStageTarget assign(
      List<Level> levels, List<Points> points, List<Batch.Sample> samples, int classes) {
    int count = points.stream().mapToInt(Points::count).sum() * samples.size();
    var targets = new FcosTargets(count, classes);
    for (int level = 0; level < levels.size(); level++) {
      for (Batch.Sample sample : samples) {
        targets.assign(levels.get(level), points.get(level), sample);
      }
    }
    return OneStageTarget.fcos(
        targets.labels,
        Arrays.copyOf(targets.positives, targets.count),
        Arrays.copyOf(targets.distances, 4 * targets.count),
        samples.size());
  }

  private void assign(Level level, Points points, Batch.Sample sample) {
    float[] boxes = sample.boxes();
    for (int row = 0; row < points.height(); row++) {
      float y = points.y(row);
      for (int column = 0; column < points.width(); column++) {
        float x = points.x(column);
        int box = smallest(level, boxes, x, y);
        labels[point] = classes;
        if (box >= 0) {
          labels[point] = sample.labels()[box];
          positive(boxes, box, x, y, level.stride());
        }
        point++;
      }
    }
  }

  private static int smallest(Level level, float[] boxes, float x, float y) {
    int best = -1;
    float bestArea = Float.POSITIVE_INFINITY;
    for (int box = 0; 4 * box < boxes.length; box++) {
      float area =
          (boxes[4 * box + 2] - boxes[4 * box]) * (boxes[4 * box + 3] - boxes[4 * box + 1]);
      if (area < bestArea && fits(level, boxes, 4 * box, x, y)) {
        best = box;
        bestArea = area;
      }
    }
    return best;
  }

  private static boolean fits(Level level, float[] boxes, int at, float x, float y) {
    float radius = level.stride() * CENTRE_RADIUS;
    return near(boxes[at], boxes[at + 2], x, radius)
        && near(boxes[at + 1], boxes[at + 3], y, radius)
        && suits(
            level,
            Math.max(
                Math.max(x - boxes[at], boxes[at + 2] - x),
                Math.max(y - boxes[at + 1], boxes[at + 3] - y)));
  }

  /** Whether a coordinate lies strictly inside a side and strictly within the radius. */
  private static boolean near(float low, float high, float at, float radius) {
    float centre = (low + high) / 2;
    return at - Math.max(centre - radius, low) > 0 && Math.min(centre + radius, high) - at > 0;
  }

  private static boolean suits(Level level, float greatestDistance) {
    return greatestDistance >= level.least() && greatestDistance <= level.greatest();
  }

  private void positive(float[] boxes, int box, float x, float y, int stride) {
    if (4 * count == distances.length) {
      distances = Arrays.copyOf(distances, 2 * distances.length);
    }
    distances[4 * count] = (x - boxes[4 * box]) / stride;
    distances[4 * count + 1] = (y - boxes[4 * box + 1]) / stride;
    distances[4 * count + 2] = (boxes[4 * box + 2] - x) / stride;
    distances[4 * count + 3] = (boxes[4 * box + 3] - y) / stride;
    positives[count++] = point;
  }
}
