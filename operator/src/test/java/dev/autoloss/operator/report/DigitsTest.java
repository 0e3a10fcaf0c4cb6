package dev.autoloss.operator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {
  @ParameterizedTest
  @CsvSource({
    "0.0304, +0.030",
    "-0.0304, −0.030",
    "0.0004, ±0.000",
    "-0.0001, ±0.000",
    "0, ±0.000"
  })
  void differencesCarryTheirSign(double difference, String text) {
    assertEquals(text, Digits.difference(difference));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 s",
    "59.94, 59.9 s",
    "59.97, 1 min 00 s",
    "60, 1 min 00 s",
    "3599.6, 1 h 00 min",
    "7260, 2 h 01 min"
  })
  void durations(double seconds, String text) {
    assertEquals(text, Digits.duration(seconds));
  }

  @Test
  void theMachinesLanguageChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals("0.125", Digits.share(0.125));
      assertEquals("1,234", Digits.count(1234));
      assertEquals("12.3", Axis.place(12.34));
    } finally {
      Locale.setDefault(before);
    }
  }
}
