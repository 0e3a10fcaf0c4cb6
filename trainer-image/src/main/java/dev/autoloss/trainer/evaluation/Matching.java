package dev.autoloss.trainer.evaluation;

import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.DetectedBox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The detections and objects of one class in one image, and which detection takes which object
 * (pycocotools {@code COCOeval.computeIoU} and {@code evaluateImg}).
 */
final class Matching {
  /** Detections beyond this many, by score, are not looked at. */
  static final int MAX_DETECTIONS = 100;

  /** What became of a detection at one threshold. */
  enum Verdict {
    TRUE_POSITIVE,
    FALSE_POSITIVE,
    IGNORED
  }

  /**
   * The matches within one area range.
   *
   * @param scores of the detections, falling
   * @param verdicts thresholds × detections
   * @param positives objects that should be found
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared.
  record Matches(double[] scores, Verdict[][] verdicts, int positives) {}

  private final Shape shape;
  private final List<DetectedBox> detections;
  private final List<CocoAnnotation> objects;
  private final double[][] overlaps;

  Matching(List<DetectedBox> detections, List<CocoAnnotation> objects, Shape shape) {
    this.shape = shape;
    List<DetectedBox> sorted = new ArrayList<>(detections);
    sorted.sort(Comparator.comparingDouble(DetectedBox::score).reversed());
    this.detections = sorted.subList(0, Math.min(sorted.size(), MAX_DETECTIONS));
    this.objects = objects;
    this.overlaps = new double[this.detections.size()][objects.size()];
    for (int d = 0; d < overlaps.length; d++) {
      for (int g = 0; g < objects.size(); g++) {
        overlaps[d][g] = shape.overlap(this.detections.get(d), objects.get(g));
      }
    }
  }

  /** Matches at each threshold; objects outside the range are ignored, as crowds are. */
  Matches match(AreaRange range, double[] thresholds) {
    boolean[] ignored = new boolean[objects.size()];
    int[] order = new int[objects.size()];
    int positives = 0;
    for (int g = 0; g < ignored.length; g++) {
      ignored[g] = objects.get(g).crowd() || range.excludes(objects.get(g).area());
      if (!ignored[g]) {
        order[positives++] = g;
      }
    }
    for (int g = 0, at = positives; g < ignored.length; g++) {
      if (ignored[g]) {
        order[at++] = g;
      }
    }
    Verdict[][] verdicts = new Verdict[thresholds.length][];
    for (int t = 0; t < thresholds.length; t++) {
      verdicts[t] = verdicts(range, thresholds[t], order, ignored);
    }
    return new Matches(
        detections.stream().mapToDouble(DetectedBox::score).toArray(), verdicts, positives);
  }

  private Verdict[] verdicts(AreaRange range, double threshold, int[] order, boolean[] ignored) {
    boolean[] taken = new boolean[objects.size()];
    Verdict[] verdicts = new Verdict[detections.size()];
    for (int d = 0; d < verdicts.length; d++) {
      int match = best(d, threshold, order, ignored, taken);
      if (match >= 0) {
        taken[match] = true;
        verdicts[d] = ignored[match] ? Verdict.IGNORED : Verdict.TRUE_POSITIVE;
      } else {
        DetectedBox box = detections.get(d);
        verdicts[d] = range.excludes(shape.area(box)) ? Verdict.IGNORED : Verdict.FALSE_POSITIVE;
      }
    }
    return verdicts;
  }

  /**
   * The object of the highest overlap, the later one where equal; an object that counts is
   * preferred to any that is ignored; a crowd can be taken many times.
   */
  private int best(
      int detection, double threshold, int[] order, boolean[] ignored, boolean[] taken) {
    double least = Math.min(threshold, 1 - 1e-10);
    int match = -1;
    for (int g : order) {
      if (taken[g] && !objects.get(g).crowd()) {
        continue;
      }
      if (match >= 0 && !ignored[match] && ignored[g]) {
        break;
      }
      if (overlaps[detection][g] >= least) {
        least = overlaps[detection][g];
        match = g;
      }
    }
    return match;
  }
}
