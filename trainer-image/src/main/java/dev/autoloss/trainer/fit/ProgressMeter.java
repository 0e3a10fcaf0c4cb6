package dev.autoloss.trainer.fit;

import dev.autoloss.api.Progress;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells how far a training is, at most every half second, with means since the last telling. */
final class ProgressMeter {
  private static final double NANOS = 1e9;
  private static final double INTERVAL_SECONDS = 0.5;

  private final Consumer<Progress> listener;
  private final LongSupplier nanoClock;
  private final int stepsPerEpoch;
  private final int steps;
  private final long start;
  private long lastTold;
  private final int before;
  private int done;
  private int counted;
  private double loss;
  private double classification;
  private double regression;

  ProgressMeter(
      Consumer<Progress> listener,
      LongSupplier nanoClock,
      int stepsPerEpoch,
      int epochs,
      int before) {
    this.listener = listener;
    this.nanoClock = nanoClock;
    this.stepsPerEpoch = stepsPerEpoch;
    this.steps = stepsPerEpoch * epochs;
    this.start = nanoClock.getAsLong();
    this.lastTold = start;
    this.before = before;
    this.done = before;
  }

  /** Counts a step. */
  void step(double total, double classificationPart, double regressionPart) {
    done++;
    counted++;
    loss += total;
    classification += classificationPart;
    regression += regressionPart;
    long now = nanoClock.getAsLong();
    if ((now - lastTold) / NANOS >= INTERVAL_SECONDS || done == steps) {
      tell(now);
    }
  }

  private void tell(long now) {
    double seconds = (now - start) / NANOS / (done - before);
    listener.accept(
        new Progress(
            (done - 1) / stepsPerEpoch + 1,
            steps / stepsPerEpoch,
            done,
            steps,
            loss / counted,
            classification / counted,
            regression / counted,
            seconds,
            seconds * (steps - done)));
    lastTold = now;
    counted = 0;
    loss = 0;
    classification = 0;
    regression = 0;
  }
}
