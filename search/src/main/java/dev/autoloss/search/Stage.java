package dev.autoloss.search;

import java.util.Arrays;
import java.util.Optional;

/** The rungs that a candidate climbs, each with trainings of its own. */
public enum Stage {
  /** The tiny overfit run, which only kills. */
  SIMULATION('s'),
  /** The short training whose score is the fitness. */
  PROXY('p'),
  /** The finalists' training with fresh seeds. */
  FINAL('f'),
  /** The verdict's training with fresh seeds again, measured on images that nothing has seen. */
  TEST('t');

  private final char letter;

  Stage(char letter) {
    this.letter = letter;
  }

  /**
   * The stage in a trial's name.
   *
   * @return one small letter
   */
  public char letter() {
    return letter;
  }

  /**
   * A stage by its letter.
   *
   * @param letter for example {@code p}
   * @return the stage; empty if it is none's
   */
  static Optional<Stage> of(char letter) {
    return Arrays.stream(values()).filter(stage -> stage.letter == letter).findFirst();
  }

  /**
   * Says whether trainings of this stage come after the evolution.
   *
   * @return false for simulation and proxy
   */
  public boolean afterEvolution() {
    return switch (this) {
      case SIMULATION, PROXY -> false;
      case FINAL, TEST -> true;
    };
  }
}
