package dev.autoloss.trainer.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Precision and recall of one class over all images (pycocotools {@code COCOeval.accumulate}).
 *
 * @param precision mean over the recall points, for each threshold
 * @param recall the highest reached, for each threshold
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared.
record PrecisionRecall(double[] precision, double[] recall) {
  private static final int RECALL_POINTS = 101;

  /** A detection's place among all: the sort below must keep the images' order where equal. */
  private record Ranked(double score, Matching.Matches image, int index) {}

  /**
   * Accumulates.
   *
   * @param images the matches of each image; at least one object to be found in all
   * @param maxDetections detections of an image that count
   */
  static PrecisionRecall of(List<Matching.Matches> images, int thresholds, int maxDetections) {
    List<Ranked> ranked = new ArrayList<>();
    int positives = 0;
    for (Matching.Matches image : images) {
      positives += image.positives();
      for (int d = 0; d < Math.min(image.scores().length, maxDetections); d++) {
        ranked.add(new Ranked(image.scores()[d], image, d));
      }
    }
    ranked.sort(Comparator.comparingDouble(Ranked::score).reversed());
    double[] precision = new double[thresholds];
    double[] recall = new double[thresholds];
    for (int t = 0; t < thresholds; t++) {
      double[] recalls = new double[ranked.size()];
      double[] precisions = new double[ranked.size()];
      curve(ranked, t, positives, recalls, precisions);
      precision[t] = mean(recalls, precisions);
      recall[t] = recalls.length == 0 ? 0 : recalls[recalls.length - 1];
    }
    return new PrecisionRecall(precision, recall);
  }

  /** Fills recall and precision after each detection; an ignored one changes neither. */
  private static void curve(
      List<Ranked> ranked, int threshold, int positives, double[] recalls, double[] precisions) {
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < recalls.length; i++) {
      Ranked detection = ranked.get(i);
      switch (detection.image().verdicts()[threshold][detection.index()]) {
        case TRUE_POSITIVE -> right++;
        case FALSE_POSITIVE -> wrong++;
        case IGNORED -> {}
      }
      recalls[i] = (double) right / positives;
      precisions[i] = right / (right + wrong + Math.ulp(1.0));
    }
    for (int i = precisions.length - 1; i > 0; i--) {
      precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
    }
  }

  /** The mean over 101 recall points of the precision at the first place that reaches them. */
  private static double mean(double[] recalls, double[] precisions) {
    double sum = 0;
    int at = 0;
    for (int point = 0; point < RECALL_POINTS; point++) {
      // The last point is 1 and no product: 100 · 0.01 is 1 as well, but that is chance.
      double wanted = point == RECALL_POINTS - 1 ? 1 : point * (1.0 / (RECALL_POINTS - 1));
      while (at < recalls.length && recalls[at] < wanted) {
        at++;
      }
      sum += at < recalls.length ? precisions[at] : 0;
    }
    return sum / RECALL_POINTS;
  }
}
