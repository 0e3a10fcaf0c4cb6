package dev.autoloss.trainer.evaluation;

import dev.autoloss.trainer.data.DetectedBox;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** All detections of one class, best score first over all images, and what became of them. */
final class ClassMatches {
  private static final int THRESHOLDS = 10;

  private final int[] order;

  /** Place of each detection among those of its image. */
  private final int[] ranks;

  private final Map<AreaRange, Verdicts> verdicts = new EnumMap<>(AreaRange.class);
  private final Map<AreaRange, Integer> positives = new EnumMap<>(AreaRange.class);

  /** Matches each image's detections in each range. */
  ClassMatches(List<Matching> images) {
    int count = images.stream().mapToInt(image -> image.detections().size()).sum();
    double[] scores = new double[count];
    ranks = new int[count];
    int at = 0;
    for (Matching image : images) {
      List<DetectedBox> detections = image.detections();
      for (int d = 0; d < detections.size(); d++) {
        ranks[at] = d;
        scores[at++] = detections.get(d).score();
      }
    }
    order = order(scores);
    double[] thresholds = thresholds();
    for (AreaRange range : AreaRange.values()) {
      var own = new Verdicts(count);
      int first = 0;
      int found = 0;
      for (Matching image : images) {
        found += image.match(range, thresholds, own, first);
        first += image.detections().size();
      }
      verdicts.put(range, own);
      positives.put(range, found);
    }
  }

  private static double[] thresholds() {
    double[] thresholds = new double[THRESHOLDS];
    for (int i = 0; i < THRESHOLDS; i++) {
      // As numpy.linspace(.5, .95, 10) computes them, the last bit included.
      thresholds[i] = i == THRESHOLDS - 1 ? .95 : i * ((.95 - .5) / (THRESHOLDS - 1)) + .5;
    }
    return thresholds;
  }

  /** Falling scores; equal ones keep their order. */
  private static int[] order(double[] scores) {
    Integer[] places = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
    Arrays.sort(places, Comparator.comparingDouble((Integer place) -> scores[place]).reversed());
    return Arrays.stream(places).mapToInt(Integer::intValue).toArray();
  }

  /** Objects of a range that should be found. */
  int positives(AreaRange range) {
    Integer found = positives.get(range);
    return found == null ? 0 : found;
  }

  /**
   * Precision and recall.
   *
   * @param maxDetections detections of an image that count
   * @return empty if there is nothing to be found
   */
  Optional<PrecisionRecall> curve(AreaRange range, int maxDetections) {
    Verdicts own = verdicts.get(range);
    if (own == null || positives(range) == 0) {
      return Optional.empty();
    }
    int[] counted = IntStream.of(order).filter(d -> ranks[d] < maxDetections).toArray();
    return Optional.of(PrecisionRecall.of(counted, own, THRESHOLDS, positives(range)));
  }
}
