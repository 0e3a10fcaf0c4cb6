package dev.autoloss.operator.losssearch;

import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.Funnel;
import java.util.Map;

final class Events {
  private Events() {}

  static Funnel funnel(int trained) {
    return new Funnel(2000, 7, Map.of(Gate.FINITE, 900, Gate.INPUTS, 30), trained, trained);
  }
}
