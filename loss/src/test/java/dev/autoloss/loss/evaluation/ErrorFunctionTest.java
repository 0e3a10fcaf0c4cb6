package dev.autoloss.loss.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
  /** Reference values of 50 digits, mpmath 1.3.0. */
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1e-300, 1.0",
    "1e-10, 0.99999999988716208329",
    "0.001, 0.9988716212090307636",
    "0.1, 0.8875370839817151016",
    "0.25, 0.72367360983176306701",
    "0.49999, 0.47950891005668180804",
    "0.5, 0.47950012218695346232",
    "0.50001, 0.47949133440510342327",
    "0.75, 0.2888443663464848684",
    "1, 0.15729920705028513066",
    "1.5, 0.033894853524689272933",
    "2, 0.0046777349810472658379",
    "2.5, 0.00040695201744495893956",
    "3, 0.000022090496998585441373",
    "3.5, 7.4309837234141274552e-7",
    "4, 1.5417257900280018852e-8",
    "5, 1.5374597944280348502e-12",
    "5.9, 7.1904097835504777249e-17",
    "6.5, 3.8421483271206474699e-20",
    "10, 2.088487583762544757e-45",
    "26, 5.6631924088561428465e-296",
  })
  void isAccurateOnBothSides(double x, double expected) {
    assertEquals(expected, ErrorFunction.erfc(x), 1e-15 * expected);
    assertEquals(2 - expected, ErrorFunction.erfc(-x), 1e-15);
  }

  @Test
  void hasTheLimits() {
    assertEquals(0, ErrorFunction.erfc(Double.POSITIVE_INFINITY));
    assertEquals(2, ErrorFunction.erfc(Double.NEGATIVE_INFINITY));
    assertEquals(0, ErrorFunction.erfc(28.5));
    assertTrue(Double.isNaN(ErrorFunction.erfc(Double.NaN)));
  }

  @Test
  void equalsTheIntegralOfItsDerivative() {
    // Simpson's rule of 2/√π exp(−t²) with steps of 2^-12: its error is below 1e-15, that of the
    // sum 1e-13.
    double step = 0x1p-12;
    double integral = 0;
    for (double x = 0; x < 6; x += 2 * step) {
      assertEquals(integral, 1 - ErrorFunction.erfc(x), 1e-13, "at " + x);
      integral += step / 3 * (density(x) + 4 * density(x + step) + density(x + 2 * step));
    }
  }

  private static double density(double x) {
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
  }
}
