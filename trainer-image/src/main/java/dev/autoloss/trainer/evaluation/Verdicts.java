package dev.autoloss.trainer.evaluation;

/**
 * What became of the detections of a class within one area range, a bit for each threshold; what is
 * neither right nor ignored is wrong.
 *
 * @param right they found an object
 * @param ignored they count neither way
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared.
record Verdicts(int[] right, int[] ignored) {
  Verdicts(int detections) {
    this(new int[detections], new int[detections]);
  }
}
