package dev.autoloss.loss.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class LossPlotTest {
  private static Document read(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  /** The curves' points, each {x, y}. */
  private static List<List<double[]>> curves(String svg) throws Exception {
    NodeList paths = read(svg).getElementsByTagName("path");
    List<List<double[]>> curves = new ArrayList<>();
    for (int k = 0; k < paths.getLength(); k++) {
      Element path = (Element) paths.item(k);
      if (path.getAttribute("fill").equals("none")) {
        curves.add(
            Stream.of(path.getAttribute("d").split("[ML]"))
                .filter(point -> !point.isEmpty())
                .map(
                    point -> Stream.of(point.split(" ")).mapToDouble(Double::parseDouble).toArray())
                .toList());
      }
    }
    return curves;
  }

  @ParameterizedTest
  @EnumSource(
      value = CatalogueLoss.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L1", "SMOOTH_L1", "DIOU", "CIOU"})
  void drawsEveryCurveInsideThePicture(CatalogueLoss loss) throws Exception {
    String svg = LossPlot.svg(loss.expression().orElseThrow(), loss.branch());
    List<List<double[]>> curves = curves(svg);
    assertEquals(loss.branch().classification() ? 5 : 6, curves.size());
    for (List<double[]> curve : curves) {
      assertEquals(65, curve.size());
      for (double[] point : curve) {
        assertTrue(point[0] >= 0 && point[0] <= 320, loss.label());
        assertTrue(point[1] >= 20 && point[1] <= 150, loss.label());
      }
    }
  }

  @Test
  void crossEntropyGoesWhereItsClosedFormGoes() throws Exception {
    String svg =
        LossPlot.svg(
            CatalogueLoss.CROSS_ENTROPY.expression().orElseThrow(),
            CatalogueLoss.CROSS_ENTROPY.branch());
    List<List<double[]>> curves = curves(svg);
    double least = Math.log1p(Math.exp(-8));
    double greatest = Math.log1p(Math.exp(8));
    for (int k = 0; k <= 64; k++) {
      double x = -8 + k / 4.0;
      double positive = (Math.log1p(Math.exp(-x)) - least) / (greatest - least);
      double negative = (Math.log1p(Math.exp(x)) - least) / (greatest - least);
      for (int curve = 0; curve < 4; curve++) {
        assertEquals(146 - positive * 122, curves.get(curve).get(k)[1], 0.06);
      }
      assertEquals(146 - negative * 122, curves.get(4).get(k)[1], 0.06);
      assertEquals(36 + 276 * k / 64.0, curves.get(4).get(k)[0], 0.06);
    }
  }

  @Test
  void iouGoesWhereItsClosedFormGoes() throws Exception {
    List<List<double[]>> curves =
        curves(LossPlot.svg(CatalogueLoss.IOU.expression().orElseThrow(), Branch.REGRESSION));
    for (int k = 0; k <= 64; k++) {
      double shift = 1.5 * k / 64;
      double factor = Math.pow(2, k / 32.0 - 1);
      double shifted = 1 - Math.max(0, 1 - shift) / (1 + Math.min(shift, 1));
      double sized = 1 - Math.min(factor * factor, 1 / (factor * factor));
      double part = Math.min(factor, 1 / factor);
      double aspect = 1 - part / (2 - part);
      assertEquals(146 - shifted * 122, curves.get(0).get(k)[1], 0.06);
      assertEquals(146 - shifted * 122, curves.get(1).get(k)[1], 0.06);
      assertEquals(146 - sized * 122, curves.get(2).get(k)[1], 0.06);
      assertEquals(146 - aspect * 122, curves.get(3).get(k)[1], 0.06);
    }
  }

  @Test
  void leavesGapsWhereTheLossIsNoNumber() throws Exception {
    String svg = LossPlot.svg(ExpressionParser.parse("Log(X)", Branch.ONE_STAGE), Branch.ONE_STAGE);
    assertFalse(svg.contains("NaN"), svg);
    assertEquals(33, curves(svg).getFirst().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3",
        "0",
        "-0.0",
        "1e300",
        "Sqrt(-1)",
        "Mul(1e20,Add(1,Mul(1e-16,X)))",
        "Mul(1e-300,X)",
        "Exp(Exp(X))",
        "Mul(1e38,X)"
      })
  void survivesFlatHugeAndMissingCurves(String text) throws Exception {
    Expression expression = ExpressionParser.parse(text, Branch.ONE_STAGE);
    String svg =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> LossPlot.svg(expression, Branch.ONE_STAGE));
    assertEquals("svg", read(svg).getDocumentElement().getTagName());
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    assertTrue(svg.length() < 20_000, "length " + svg.length());
  }

  @Test
  void drawsAnyTree() throws Exception {
    for (long seed = 0; seed < 50; seed++) {
      for (Branch branch : Branch.values()) {
        String svg = LossPlot.svg(new RandomTrees(branch, seed).next(5), branch);
        assertFalse(svg.contains("NaN"), "seed " + seed);
        read(svg);
      }
    }
  }

  @Test
  void doesNotDependOnTheLocale() {
    Expression expression = CatalogueLoss.CSE_B_REGRESSION.expression().orElseThrow();
    String expected = LossPlot.svg(expression, Branch.REGRESSION);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals(expected, LossPlot.svg(expression, Branch.REGRESSION));
    } finally {
      Locale.setDefault(before);
    }
  }
}
