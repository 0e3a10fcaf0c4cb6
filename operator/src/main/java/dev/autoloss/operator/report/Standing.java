package dev.autoloss.operator.report;

/** How a candidate, or a trial, stands. */
enum Standing {
  SCORED("scored", "blue"),
  DIVERGED("diverged", "red"),
  REJECTED("AP too low", "orange"),
  LOST("lost", "purple"),
  SKIPPED("skipped", "grey"),
  OPEN("not finished", "pale"),
  NOT_TRAINED("simulated only", "sky");

  private final String label;
  private final String colour;

  Standing(String label, String colour) {
    this.label = label;
    this.colour = colour;
  }

  /** For people. */
  String label() {
    return label;
  }

  /** A colour of the {@link Style}. */
  String colour() {
    return colour;
  }
}
