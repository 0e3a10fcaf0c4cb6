package dev.autoloss.operator.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers with the digits that they deserve. */
final class Digits {
  /** Stands for a number that there is none of. */
  static final String NONE = "–";

  private static final double HALF_A_DIGIT = 0.0005;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  private Digits() {}

  /** An AP or another share of 1 with three decimals, as the field prints it. */
  static String share(double share) {
    return String.format(Locale.ROOT, "%.3f", share);
  }

  static String share(OptionalDouble share) {
    return share.isPresent() ? share(share.getAsDouble()) : NONE;
  }

  /** A difference of shares, with its sign. */
  static String difference(double difference) {
    if (Math.abs(difference) < HALF_A_DIGIT) {
      return "±0.000";
    }
    return (difference < 0 ? "−" : "+") + share(Math.abs(difference));
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A number as a document writes it: 0.02, 16, 1.0E-5. */
  static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (Math.round(10 * seconds) < 10 * MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return whole < HOUR
        ? "%d min %02d s".formatted(whole / MINUTE, whole % MINUTE)
        : "%d h %02d min".formatted(whole / HOUR, whole % HOUR / MINUTE);
  }

  /** One thing, or several. */
  static String of(long count, String one, String several) {
    return count(count) + " " + (count == 1 ? one : several);
  }
}
