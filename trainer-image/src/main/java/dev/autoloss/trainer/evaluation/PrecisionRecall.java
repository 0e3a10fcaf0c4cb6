package dev.autoloss.trainer.evaluation;

/**
 * Precision and recall of one class over all images (pycocotools {@code COCOeval.accumulate}).
 *
 * @param precision thresholds × 101: at recalls 0, 0.01, … 1
 * @param recall the highest reached, for each threshold
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared.
record PrecisionRecall(double[][] precision, double[] recall) {
  /** Recalls at which a precision is taken. */
  static final int RECALL_POINTS = 101;

  /**
   * Accumulates.
   *
   * @param order the detections that count, falling by score
   * @param verdicts of the detections
   * @param positives objects to be found, at least 1
   */
  static PrecisionRecall of(int[] order, Verdicts verdicts, int thresholds, int positives) {
    double[][] precision = new double[thresholds][];
    double[] recall = new double[thresholds];
    double[] recalls = new double[order.length];
    double[] precisions = new double[order.length];
    for (int t = 0; t < thresholds; t++) {
      curve(order, verdicts, 1 << t, positives, recalls, precisions);
      precision[t] = sampled(recalls, precisions);
      recall[t] = recalls.length == 0 ? 0 : recalls[recalls.length - 1];
    }
    return new PrecisionRecall(precision, recall);
  }

  /** Fills recall and precision after each detection; an ignored one changes neither. */
  private static void curve(
      int[] order,
      Verdicts verdicts,
      int bit,
      int positives,
      double[] recalls,
      double[] precisions) {
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < order.length; i++) {
      if ((verdicts.right()[order[i]] & bit) != 0) {
        right++;
      } else if ((verdicts.ignored()[order[i]] & bit) == 0) {
        wrong++;
      }
      recalls[i] = (double) right / positives;
      precisions[i] = right / (right + wrong + Math.ulp(1.0));
    }
    for (int i = precisions.length - 1; i > 0; i--) {
      precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
    }
  }

  /** At each of 101 recalls the precision at the first place that reaches it, else 0. */
  private static double[] sampled(double[] recalls, double[] precisions) {
    double[] sampled = new double[RECALL_POINTS];
    int at = 0;
    for (int point = 0; point < RECALL_POINTS; point++) {
      // The last point is 1 and no product: 100 · 0.01 is 1 as well, but that is chance.
      double wanted = point == RECALL_POINTS - 1 ? 1 : point * (1.0 / (RECALL_POINTS - 1));
      while (at < recalls.length && recalls[at] < wanted) {
        at++;
      }
      sampled[point] = at < recalls.length ? precisions[at] : 0;
    }
    return sampled;
  }

  /** Average precision at a threshold. */
  double average(int threshold) {
    double sum = 0;
    for (double point : precision[threshold]) {
      sum += point;
    }
    return sum / RECALL_POINTS;
  }

  /** Average precision at each threshold. */
  double[] averages() {
    double[] averages = new double[precision.length];
    for (int t = 0; t < averages.length; t++) {
      averages[t] = average(t);
    }
    return averages;
  }
}
