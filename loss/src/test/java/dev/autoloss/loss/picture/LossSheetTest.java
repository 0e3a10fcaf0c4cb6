package dev.autoloss.loss.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class LossSheetTest {
  private static Document read(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static LossSheet sheet(CatalogueLoss loss) {
    return new LossSheet(loss.expression().orElseThrow(), loss.branch(), loss.label());
  }

  private static List<List<Chart>> charts(String text, Branch branch) {
    return LossCharts.of(ExpressionParser.parse(text, branch), branch);
  }

  @ParameterizedTest
  @EnumSource(
      value = CatalogueLoss.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L1", "SMOOTH_L1", "DIOU", "CIOU"})
  void drawsEveryLossOfTheCatalogue(CatalogueLoss loss) throws Exception {
    String svg = sheet(loss).svg();
    Document document = read(svg);
    assertEquals(
        loss.expression().orElseThrow().toString(),
        document.getElementsByTagName("title").item(0).getTextContent());
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(sheet(loss).png()));
    assertEquals(2240, image.getWidth());
    assertEquals(loss.branch().classification() ? 1032 : 1432, image.getHeight());
    assertTrue(coloured(image) > 300, "curves are drawn");
    assertEquals(0xffffff, image.getRGB(0, 0) & 0xffffff, "white ground");
  }

  private static int coloured(BufferedImage image) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y += 4) {
      for (int x = 0; x < image.getWidth(); x += 4) {
        int rgb = image.getRGB(x, y);
        int red = rgb >> 16 & 255;
        int blue = rgb & 255;
        count += Math.abs(red - blue) > 100 ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void valuesAndGradientsOfCrossEntropyAreItsClosedForms() {
    var charts = charts("Neg(Dot(Y,Log(Softmax(X))))", Branch.TWO_STAGE);
    for (int k = 0; k <= LossCharts.STEPS; k++) {
      double x = -8 + 16.0 * k / LossCharts.STEPS;
      double share = 1 / (1 + Math.exp(-x));
      for (int curve = 0; curve < 4; curve++) {
        assertEquals(Math.log1p(Math.exp(-x)), value(charts, 0, 0, curve, k), 1e-12);
        assertEquals(share - 1, value(charts, 1, 0, curve, k), 1e-12);
      }
      assertEquals(Math.log1p(Math.exp(x)), value(charts, 0, 0, 4, k), 1e-12);
      assertEquals(share, value(charts, 1, 0, 4, k), 1e-12);
    }
    List<Curve> curves = charts.getFirst().getFirst().curves();
    assertEquals(
        List.of("IoU 0.3", "IoU 0.6", "IoU 0.9", "IoU 1", "negative"),
        curves.stream().map(Curve::name).toList());
    assertEquals(
        List.of(false, false, false, false, true), curves.stream().map(Curve::dashed).toList());
  }

  @Test
  void overlapsAreThoseOfTheLegend() {
    var charts = charts("Q + PY * 10", Branch.ONE_STAGE);
    double[] expected = {10.3, 10.6, 10.9, 11, 0};
    for (int curve = 0; curve < 5; curve++) {
      assertEquals(expected[curve], value(charts, 0, 0, curve, 17), 1e-12);
    }
  }

  @Test
  void slopesOfBoxesAreThoseOfTheirAreas() {
    // The intersection of a 64 px box shifted by s is 64 (64 − s): slope −64 a pixel.
    var charts = charts("I", Branch.REGRESSION);
    assertEquals(4096, value(charts, 0, 0, 0, 0), 1e-6);
    assertEquals(-64, value(charts, 1, 0, 0, 0), 1e-2);
    assertEquals(-64, value(charts, 1, 0, 0, 64), 1e-2);
    assertEquals(0, value(charts, 1, 0, 0, 128), 1e-9, "apart");
    assertEquals(0, value(charts, 0, 0, 0, 128), 1e-9);
    // The area of a box scaled by f is 4096 f², which is 2 ln 2 times itself a doubling.
    var union = charts("U", Branch.REGRESSION);
    assertEquals(4096, value(union, 0, 1, 0, 64), 1e-3);
    assertEquals(4096 * 4, value(union, 0, 1, 0, 128), 1e-3);
    assertEquals(4096 * 4 * 2 * Math.log(2), value(union, 1, 1, 0, 128), 1);
    assertEquals(4096, value(union, 0, 1, 0, 0), 1e-3, "a smaller box is inside");
    // A box of the same area, twice as wide and half as high, shares 64 × 32.
    assertEquals(2048, value(charts, 0, 2, 0, 128), 1e-6);
    assertEquals(2048, value(charts, 0, 2, 0, 0), 1e-6);
  }

  private static double value(List<List<Chart>> charts, int row, int chart, int curve, int k) {
    return charts.get(row).get(chart).curves().get(curve).values().get(k);
  }

  @Test
  void pixelsAreTheSameEachTime() throws IOException {
    assertArrayEquals(sheet(CatalogueLoss.QFL).png(), sheet(CatalogueLoss.QFL).png());
  }

  @Test
  void anyTreeIsDrawnWithGapsWhereItIsNoNumber() throws Exception {
    for (long seed = 0; seed < 40; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree = new RandomTrees(branch, seed).next(5);
        String svg = new LossSheet(tree, branch, "").svg();
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), "seed " + seed);
        read(svg);
      }
    }
    assertNotNull(
        new LossSheet(ExpressionParser.parse("Log(X)", Branch.ONE_STAGE), Branch.ONE_STAGE, "<&>")
            .png());
    assertTrue(
        new LossSheet(ExpressionParser.parse("X", Branch.ONE_STAGE), Branch.ONE_STAGE, "<&>")
            .svg()
            .contains(">&lt;&amp;&gt;</text>"));
  }

  @Test
  void aLongFormulaIsShortened() {
    String text = "X" + " + Softplus(X)".repeat(40);
    String svg =
        new LossSheet(ExpressionParser.parse(text, Branch.ONE_STAGE), Branch.ONE_STAGE, "").svg();
    assertTrue(svg.contains("…</text>") && !svg.contains("……"), svg.substring(0, 3000));
    assertTrue(svg.contains(">Loss</text>"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0.5, 0.0 0.5 1.0",
    "0, 4, 1, 0 1 2 3 4",
    "-3, 10, 5, 0 5 10",
    "0, 8, 2, 0 2 4 6 8",
    "0, 8.1, 5, 0 5",
    "-0.01, 0.01, 0.005, −0.010 −0.005 0.000 0.005 0.010",
    "0, 1e6, 500000, 0 5.0e+05 1.0e+06"
  })
  void gridLinesAreRoundNumbers(double low, double high, double step, String labels) {
    var range = new Range(low, high);
    assertEquals(step, range.step(), 1e-12 * step);
    assertEquals(List.of(labels.split(" ")), range.gridLines().stream().map(range::label).toList());
  }

  @Test
  void rangesHoldAllThatIsShown() {
    assertEquals(new Range(-1, 2), range(1, -1, 2, Double.NaN, Double.POSITIVE_INFINITY));
    assertEquals(new Range(0, 1), range(Double.NaN, 1e39));
    assertEquals(new Range(2, 6), new Range(2, 6));
    assertEquals(new Range(0, 6), range(3, 3));
    assertEquals(new Range(-1, 1), range(0, 0));
    assertTrue(Range.isShown(Float.MAX_VALUE) && !Range.isShown(2.0 * Float.MAX_VALUE));
    assertEquals(0.25, new Range(2, 6).share(3));
  }

  private static Range range(double... values) {
    return Range.of(
        List.of(new Curve("", "", false, java.util.Arrays.stream(values).boxed().toList())));
  }

  @Test
  void lettersHaveTheirWidths() {
    assertEquals(0, Glyphs.width(""));
    assertEquals(Glyphs.width("A") + Glyphs.width("b"), Glyphs.width("Ab"), 1e-12);
    assertTrue(Glyphs.width("i") < Glyphs.width("m"));
    assertEquals(Glyphs.width(" "), Glyphs.width("漢"), "a blank for what is missing");
    assertTrue(Glyphs.outline(" ").getBounds2D().isEmpty());
    var letter = Glyphs.outline("H").getBounds2D();
    assertEquals(0.73, letter.getMaxY(), 0.01, "capitals are as high as DejaVu's");
    assertEquals(0, letter.getMinY(), 1e-9);
    assertTrue(Glyphs.outline("iH").getBounds2D().getMaxX() > letter.getMaxX());
    assertFalse(Glyphs.outline("o").contains(0.3, 0.28), "the inside of a ring is open");
    for (CatalogueLoss loss : CatalogueLoss.values()) {
      loss.expression()
          .map(Formula::infix)
          .ifPresent(
              formula ->
                  formula
                      .codePoints()
                      .filter(c -> c != ' ')
                      .forEach(
                          c ->
                              assertFalse(
                                  Glyphs.outline(Character.toString(c)).getBounds2D().isEmpty(),
                                  "letter " + Character.toString(c))));
    }
  }
}
