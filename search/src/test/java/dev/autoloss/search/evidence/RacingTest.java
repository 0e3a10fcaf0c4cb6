package dev.autoloss.search.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class RacingTest {
  private static SequencedMap<String, OptionalDouble> field(double... fitness) {
    var field = new LinkedHashMap<String, OptionalDouble>();
    for (double value : fitness) {
      field.put(
          "c" + field.size(),
          Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value));
    }
    return field;
  }

  @Test
  void theBestPartGoesOn() {
    var half = new Racing(.5, 3);
    assertEquals(List.of("c2", "c0"), half.advancing(field(.3, .1, .4, .2)));
    assertEquals(List.of("c2", "c0", "c4"), half.advancing(field(.3, .1, .4, .2, .25)));
    assertEquals(List.of("c0"), half.advancing(field(-.3)));
    assertEquals(List.of(), half.advancing(field()));
  }

  @Test
  void oneWithoutFitnessNeverGoesOnThoughItCountsAsOneOfTheField() {
    assertEquals(
        List.of("c1", "c3"), new Racing(.5, 3).advancing(field(Double.NaN, .4, Double.NaN, .3)));
    assertEquals(List.of("c1"), new Racing(1, 3).advancing(field(Double.NaN, .4, Double.NaN)));
  }

  @Test
  void ofEqualsTheFirstGoesFirst() {
    assertEquals(List.of("c0", "c1"), new Racing(.5, 3).advancing(field(.1, .1, .1, .1)));
  }

  @Test
  void fieldsShrinkToTheirPart() {
    assertEquals(List.of(20, 10, 5, 3), new Racing(.5, 4).fields(20));
    assertEquals(List.of(20, 20), new Racing(1, 2).fields(20));
    // .07 · 100 is a little above 7 in floating point.
    assertEquals(List.of(100, 7), new Racing(.07, 2).fields(100));
    assertEquals(List.of(0, 0), new Racing(.5, 2).fields(0));
    assertThrows(IllegalArgumentException.class, () -> new Racing(0, 2));
    assertThrows(IllegalArgumentException.class, () -> new Racing(1.1, 2));
    assertThrows(IllegalArgumentException.class, () -> new Racing(.5, 0));
  }

  @Test
  void aRungPromotesWhileItAgreesEnough() {
    var one = List.of(1.0, 2.0, 3.0, 4.0, 5.0);
    assertEquals(1, RankCorrelation.of(one, one).orElseThrow().spearman(), 1e-12);
    // Σd² = 10 of n = 5: ρ = 1 − 6 · 10 / (5 · 24) = .5
    var half = RankCorrelation.of(one, List.of(3.0, 1.0, 2.0, 5.0, 4.0)).orElseThrow();
    assertEquals(1 - 6.0 * 8 / 120, half.spearman(), 1e-12);
    assertTrue(half.promotes());
    var less = RankCorrelation.of(one, List.of(3.0, 4.0, 1.0, 2.0, 5.0)).orElseThrow();
    assertEquals(1 - 6.0 * 16 / 120, less.spearman(), 1e-12);
    assertFalse(less.promotes());
  }

  @Test
  void nothingCanBeSaidOfOneThingOrOfEqualValues() {
    assertTrue(RankCorrelation.of(List.of(1.0), List.of(1.0)).isEmpty());
    assertTrue(RankCorrelation.of(List.of(1.0, 1.0), List.of(1.0, 2.0)).isEmpty());
    assertThrows(
        IllegalArgumentException.class, () -> RankCorrelation.of(List.of(1.0, 2.0), List.of(1.0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> RankCorrelation.of(List.of(1.0, Double.NaN), List.of(1.0, 2.0)));
  }
}
