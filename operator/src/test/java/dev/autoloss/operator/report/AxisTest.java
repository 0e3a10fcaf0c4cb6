package dev.autoloss.operator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  @Test
  void mapsEndsToEnds() {
    var axis = new Axis(0.2, 0.4, 250, 34);

    assertEquals(250, axis.at(0.2), 1e-9);
    assertEquals(34, axis.at(0.4), 1e-9);
    assertEquals(142, axis.at(0.3), 1e-9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 1; 0.0 0.2 0.4 0.6 0.8 1.0",
        "0.335; 0.415; 0.34 0.36 0.38 0.40",
        "0.2995; 0.3095; 0.300 0.302 0.304 0.306 0.308",
        "0; 0.07; 0.00 0.02 0.04 0.06",
        "0; 50; 0 10 20 30 40 50"
      })
  void ticksAreRoundNumbers(double low, double high, String labels) {
    var axis = new Axis(low, high, 0, 100);

    assertEquals(List.of(labels.split(" ")), axis.ticks().stream().map(axis::label).toList());
  }
}
