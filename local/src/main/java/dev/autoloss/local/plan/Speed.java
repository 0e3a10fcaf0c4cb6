package dev.autoloss.local.plan;

/**
 * How long trainings take.
 *
 * @param secondsPerEpoch of one pass over the training images
 * @param secondsBeside of each training, for its start and its evaluation
 * @param source how this is known, for a person
 */
public record Speed(double secondsPerEpoch, double secondsBeside, String source) {
  /**
   * Time of one training.
   *
   * @param rung what is trained
   * @param size how much it is trained on
   * @return in seconds
   */
  public double seconds(Rung rung, DataSize size) {
    return rung.schedule().epochs() * secondsPerEpoch * size.part(rung) + secondsBeside;
  }
}
