package dev.autoloss.trainer.detector.region;

import java.util.Arrays;

/**
 * Gives each candidate box the object that it overlaps most, if it does so enough.
 *
 * @param negative overlap below which a candidate is background
 * @param positive overlap from which on it has its best object; in between it is ignored
 * @param least overlap from which on an object gets its best candidates even if they are below
 *     {@code positive}
 * @param lowQuality whether objects get those
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     max_iou_assigner.py</a>
 */
public record OverlapAssigner(float negative, float positive, float least, boolean lowQuality) {
  /** A candidate that is neither positive nor negative. */
  public static final int IGNORED = -2;

  /** A candidate without an object. */
  public static final int BACKGROUND = -1;

  /**
   * Assigns. Where an object's best overlap is shared, all that share it are its candidates; where
   * two objects claim a candidate in this way, the later one has it.
   *
   * @param candidates n × 4
   * @param objects m × 4; all candidates are background if there is none
   * @return for each candidate the position of its object, {@link #BACKGROUND} or {@link #IGNORED}
   */
  public int[] assign(float[] candidates, float[] objects) {
    int count = candidates.length / 4;
    float[] bestOfObject = new float[objects.length / 4];
    int[] assigned = new int[count];
    for (int i = 0; i < count; i++) {
      float best = 0;
      int object = 0;
      for (int k = 0; k < bestOfObject.length; k++) {
        float overlap = Boxes.overlap(candidates, i, objects, k);
        bestOfObject[k] = Math.max(bestOfObject[k], overlap);
        if (overlap > best) {
          best = overlap;
          object = k;
        }
      }
      assigned[i] = best >= positive ? object : best < negative ? BACKGROUND : IGNORED;
    }
    if (objects.length == 0) {
      Arrays.fill(assigned, BACKGROUND);
    } else if (lowQuality) {
      addBest(candidates, objects, bestOfObject, assigned);
    }
    return assigned;
  }

  private void addBest(float[] candidates, float[] objects, float[] bestOfObject, int[] assigned) {
    for (int k = 0; k < bestOfObject.length; k++) {
      if (bestOfObject[k] < least) {
        continue;
      }
      for (int i = 0; i < assigned.length; i++) {
        if (Boxes.overlap(candidates, i, objects, k) == bestOfObject[k]) {
          assigned[i] = k;
        }
      }
    }
  }
}
