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

  private final Shape shape;
  private final List<DetectedBox> detections;
  private final List<CocoAnnotation> objects;
  private final double[][] overlaps;

  Matching(List<DetectedBox> detections, List<CocoAnnotation> objects, Shape shape) {
    this.shape = shape;
    List<DetectedBox> sorted = detections;
    if (detections.size() > 1) {
      sorted = new ArrayList<>(detections);
      sorted.sort(Comparator.comparingDouble(DetectedBox::score).reversed());
    }
    this.detections = sorted.subList(0, Math.min(sorted.size(), MAX_DETECTIONS));
    this.objects = objects;
    this.overlaps = new double[this.detections.size()][objects.size()];
    for (int d = 0; d < overlaps.length; d++) {
      for (int g = 0; g < objects.size(); g++) {
        overlaps[d][g] = shape.overlap(this.detections.get(d), objects.get(g));
      }
    }
  }

  /** The detections that are looked at, falling by score. */
  List<DetectedBox> detections() {
    return detections;
  }

  /**
   * Matches at each threshold; objects outside the range are ignored, as crowds are.
   *
   * @param thresholds at most 32
   * @param verdicts gets what became of the detections
   * @param first place of the first detection there
   * @return objects that should be found
   */
  int match(AreaRange range, double[] thresholds, Verdicts verdicts, int first) {
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
    for (int t = 0; t < thresholds.length; t++) {
      decide(thresholds[t], order, ignored, verdicts, t, first);
    }
    ignoreUnmatched(range, verdicts, first, (int) ((1L << thresholds.length) - 1));
    return positives;
  }

  private void decide(
      double threshold, int[] order, boolean[] ignored, Verdicts verdicts, int bit, int first) {
    if (objects.isEmpty()) {
      return;
    }
    boolean[] taken = new boolean[objects.size()];
    for (int d = 0; d < detections.size(); d++) {
      int match = best(d, threshold, order, ignored, taken);
      if (match >= 0) {
        taken[match] = true;
        (ignored[match] ? verdicts.ignored() : verdicts.right())[first + d] |= 1 << bit;
      }
    }
  }

  /** A detection that took nothing is ignored if it lies outside of the range itself. */
  private void ignoreUnmatched(AreaRange range, Verdicts verdicts, int first, int all) {
    for (int d = 0; d < detections.size(); d++) {
      int unmatched = all & ~(verdicts.right()[first + d] | verdicts.ignored()[first + d]);
      if (unmatched != 0 && range.excludes(shape.area(detections.get(d)))) {
        verdicts.ignored()[first + d] |= unmatched;
      }
    }
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
