package dev.autoloss.operator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkupTest {
  @Test
  void escapesTextAndAttributes() {
    String page = new Markup().element("p", "a<b & 'c'", "title", "\"x\">").page();

    assertEquals("<p title=\"&quot;x&quot;&gt;\">a&lt;b &amp; &#39;c&#39;</p>", page);
  }

  @Test
  void demandsThatAllIsClosed() {
    var markup = new Markup().open("p");

    assertThrows(IllegalStateException.class, markup::page);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyTextIsWellFormed(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append((char) random.nextInt(random.nextBoolean() ? 256 : 65536));
    }
    String any = text.toString();

    var page = Page.parse(new Markup().element("p", any, "title", any).page());

    assertEquals(
        any.codePointCount(0, any.length()),
        page.text().codePointCount(0, page.text().length()),
        "seed " + seed);
  }
}
