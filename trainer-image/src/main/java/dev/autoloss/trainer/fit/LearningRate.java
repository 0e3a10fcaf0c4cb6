package dev.autoloss.trainer.fit;

import dev.autoloss.api.Schedule;
import dev.autoloss.api.WarmUp;

/** The learning rate of each step: a linear rise, then the full rate, cut at given epochs. */
final class LearningRate {
  private final Schedule schedule;
  private final int stepsPerEpoch;

  LearningRate(Schedule schedule, int stepsPerEpoch) {
    this.schedule = schedule;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * The rate.
   *
   * @param step from 0
   */
  double at(int step) {
    int epoch = step / stepsPerEpoch;
    long cuts = schedule.steps().stream().filter(start -> epoch >= start).count();
    double rate = schedule.learningRate() * Math.pow(schedule.gamma(), (double) cuts);
    WarmUp warmUp = schedule.warmUp();
    if (step >= warmUp.iterations()) {
      return rate;
    }
    double missing = 1 - (double) step / warmUp.iterations();
    return rate * (1 - missing * (1 - warmUp.ratio()));
  }
}
