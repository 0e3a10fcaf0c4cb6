package dev.autoloss.trainer.detector.region;

/** Where RoIAlign takes its samples. */
public enum Sampling {
  /** As many a cell as it has pixels, in each direction; half a pixel towards the upper left. */
  ADAPTIVE,

  /** Two a cell in each direction, of a region of at least one pixel; not aligned. */
  TWO
}
