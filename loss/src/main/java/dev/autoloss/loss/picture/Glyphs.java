package dev.autoloss.loss.picture;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;

/** Letters as outlines, in sizes of 1 with y upwards; a character that is missing is a blank. */
public final class Glyphs {
  private static final double UNITS = 2048;
  private static final int BLANK = ' ';

  private record Glyph(double width, Path2D outline) {}

  private static final Map<Integer, Glyph> GLYPHS = read();

  private Glyphs() {}

  private static Map<Integer, Glyph> read() {
    try (InputStream in = Glyphs.class.getResourceAsStream("glyphs.txt")) {
      if (in == null) {
        throw new IllegalStateException("resource glyphs.txt is missing");
      }
      Map<Integer, Glyph> glyphs = new HashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> {
                String[] parts = line.split(" ", 3);
                glyphs.put(
                    Integer.parseInt(parts[0], 16),
                    new Glyph(Integer.parseInt(parts[1]) / UNITS, outlineOf(parts[2])));
              });
      return Map.copyOf(glyphs);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Path2D outlineOf(String path) {
    var outline = new Path2D.Double(Path2D.WIND_NON_ZERO);
    var numbers = new Scanner(path.replaceAll("([MLQZ])", " $1 "));
    while (numbers.hasNext()) {
      switch (numbers.next()) {
        case "M" -> outline.moveTo(number(numbers), number(numbers));
        case "L" -> outline.lineTo(number(numbers), number(numbers));
        case "Q" ->
            outline.quadTo(number(numbers), number(numbers), number(numbers), number(numbers));
        default -> outline.closePath();
      }
    }
    return outline;
  }

  private static double number(Scanner numbers) {
    return numbers.nextInt() / UNITS;
  }

  private static Glyph glyph(int character) {
    Glyph blank = GLYPHS.get(BLANK);
    return GLYPHS.getOrDefault(
        character, blank == null ? new Glyph(0, new Path2D.Double()) : blank);
  }

  /**
   * How far a text reaches.
   *
   * @param text one line
   * @return in sizes
   */
  public static double width(String text) {
    return text.codePoints().mapToDouble(character -> glyph(character).width).sum();
  }

  /**
   * A text as a shape.
   *
   * @param text one line
   * @return from the origin to the right, in sizes, y upwards from the base line
   */
  public static Shape outline(String text) {
    var all = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double x = 0;
    for (int character : text.codePoints().toArray()) {
      Glyph glyph = glyph(character);
      all.append(glyph.outline.getPathIterator(AffineTransform.getTranslateInstance(x, 0)), false);
      x += glyph.width;
    }
    return all;
  }
}
