package dev.autoloss.trainer.evaluation;

import dev.autoloss.api.Metrics;
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
    long id, String name, int objects, Metrics metrics, List<List<Double>> precision) {
  /** Copies the lists. */
  public CategoryResult {
    precision = precision.stream().map(List::copyOf).toList();
  }
}
