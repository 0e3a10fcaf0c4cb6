package dev.autoloss.local.plan;

import dev.autoloss.api.Schedule;
import java.util.OptionalInt;

/**
 * Trainings of one kind.
 *
 * @param stage what they are for, for example proxy
 * @param rounds how often they are run one after another, for example the generations
 * @param arms what is trained in a round
 * @param trainings most trainings of a round, over all its arms
 * @param schedule how each is trained
 * @param imagesPerCategory images drawn for each category; empty for all images
 */
public record Rung(
    String stage,
    int rounds,
    int arms,
    int trainings,
    Schedule schedule,
    OptionalInt imagesPerCategory) {
  /**
   * Trainings in all rounds.
   *
   * @return at most so many
   */
  public long all() {
    return (long) rounds * trainings;
  }
}
