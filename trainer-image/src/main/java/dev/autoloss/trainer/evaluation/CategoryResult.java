package dev.autoloss.trainer.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.autoloss.api.Metrics;
import java.util.ArrayList;
import java.util.List;

/**
 * How well one category was found.
 *
 * @param id COCO id
 * @param name its name
 * @param objects that should be found, crowds not counted
 * @param metrics the twelve numbers; −1 where there is nothing to be found
 * @param precision at the first and the sixth threshold, IoU .50 and .75, 101 numbers each, at
 *     recalls 0, 0.01, … 1; none if there is nothing to be found
 */
public record CategoryResult(
    long id,
    String name,
    int objects,
    @JsonUnwrapped Metrics metrics,
    @JsonIgnore List<List<Double>> precision) {
  /** Copies the lists. */
  public CategoryResult {
    precision = precision.stream().map(List::copyOf).toList();
  }

  /**
   * The mean curves of categories.
   *
   * @param categories any number of them
   * @return as {@code precision}, over those that have something to be found
   */
  public static List<List<Double>> mean(List<CategoryResult> categories) {
    List<CategoryResult> counted =
        categories.stream().filter(one -> !one.precision().isEmpty()).toList();
    List<List<Double>> curves = new ArrayList<>();
    for (int t = 0; !counted.isEmpty() && t < counted.getFirst().precision().size(); t++) {
      List<Double> curve = new ArrayList<>();
      for (int point = 0; point < PrecisionRecall.RECALL_POINTS; point++) {
        double sum = 0;
        for (CategoryResult one : counted) {
          sum += one.precision().get(t).get(point);
        }
        curve.add(sum / counted.size());
      }
      curves.add(curve);
    }
    return curves;
  }
}
