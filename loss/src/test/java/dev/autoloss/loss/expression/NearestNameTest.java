package dev.autoloss.loss.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "flaw, lawn, 2",
    "'', abc, 3",
    "abc, '', 3",
    "'', '', 0",
    "Sig, sIG, 0",
    "saturday, sunday, 3",
    "ab, ba, 2",
    "gumbo, gambol, 2",
    "abc, abcd, 1",
    "abcd, abc, 1"
  })
  void countsEdits(String one, String other, int edits) {
    assertEquals(edits, NearestName.distance(one, other));
    assertEquals(edits, NearestName.distance(other, one));
  }

  @Test
  void namesTheNearestThatHasSomethingInCommon() {
    List<String> known = List.of("Sig", "Sin", "Softmax", "Softplus", "X");
    assertEquals(Optional.of("Sig"), NearestName.of("Sigmoid", known));
    assertEquals(Optional.of("Sig"), NearestName.of("Six", known), "the first of equals");
    assertEquals(Optional.of("Softplus"), NearestName.of("SoftPlu", known));
    assertEquals(Optional.of("X"), NearestName.of("x", known));
    assertEquals(Optional.empty(), NearestName.of("Y", known));
    assertEquals(Optional.empty(), NearestName.of("Transformer", known));
    assertEquals(Optional.empty(), NearestName.of("Sig", List.of()));
  }

  @Test
  void doesNotCompareLongNames() {
    String longest = "a".repeat(32);
    assertEquals(Optional.of(longest), NearestName.of(longest, List.of(longest)));
    String longer = longest + "a";
    assertEquals(Optional.empty(), NearestName.of(longer, List.of(longer)));
  }
}
