package dev.autoloss.trainer.command;

import dev.autoloss.loss.picture.Glyphs;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.data.RgbImage;
import dev.autoloss.trainer.mask.Bitmap;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** An image with what was found in it: boxes, masks, and names with scores. */
final class Picture {
  /** Share of a mask's colour in its pixels. */
  private static final int TENTHS_OF_MASK = 4;

  /** Turns of hue from one class to the next that keep the first classes far apart. */
  private static final float HUE_STEP = .618034f;

  private final BufferedImage image;
  private final Graphics2D graphics;
  private final List<String> names;

  private Picture(RgbImage photo, List<String> names) {
    this.names = names;
    image = new BufferedImage(photo.width(), photo.height(), BufferedImage.TYPE_INT_RGB);
    byte[] bytes = photo.pixels();
    int[] row = new int[photo.width()];
    for (int y = 0, at = 0; y < photo.height(); y++) {
      for (int x = 0; x < row.length; x++, at += 3) {
        row[x] =
            ((bytes[at] & 0xff) << 16) | ((bytes[at + 1] & 0xff) << 8) | (bytes[at + 2] & 0xff);
      }
      image.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
  }

  /**
   * Draws.
   *
   * @param photo the image
   * @param found in it; the best stand in front
   * @param names of the classes
   * @return of the same size
   */
  static BufferedImage of(RgbImage photo, List<DetectedBox> found, List<String> names) {
    Picture picture = new Picture(photo, names);
    List<DetectedBox> backToFront = found.reversed();
    for (DetectedBox box : backToFront) {
      box.mask().ifPresent(mask -> picture.fill(mask.bitmap(), colour(box.label())));
    }
    backToFront.forEach(picture::draw);
    picture.graphics.dispose();
    return picture.image;
  }

  /** The colour of a class. */
  static Color colour(int label) {
    return Color.getHSBColor(label * HUE_STEP, .85f, .95f);
  }

  private void fill(Bitmap mask, Color colour) {
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        if (mask.pixels()[y * mask.width() + x]) {
          image.setRGB(x, y, mixed(new Color(image.getRGB(x, y)), colour).getRGB());
        }
      }
    }
  }

  private static Color mixed(Color below, Color above) {
    return new Color(
        mixed(below.getRed(), above.getRed()),
        mixed(below.getGreen(), above.getGreen()),
        mixed(below.getBlue(), above.getBlue()));
  }

  private static int mixed(int below, int above) {
    return ((10 - TENTHS_OF_MASK) * below + TENTHS_OF_MASK * above) / 10;
  }

  private void draw(DetectedBox box) {
    float size = Math.clamp(Math.min(image.getWidth(), image.getHeight()) / 40f, 8, 32);
    Color colour = colour(box.label());
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke(Math.max(1, size / 8)));
    graphics.draw(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
    String text = String.format(Locale.ROOT, "%s %.2f", names.get(box.label()), box.score());
    double width = Glyphs.width(text) * size + size / 2;
    double height = 1.4 * size;
    // Above the box where there is room, else inside of it.
    double top = box.y() >= height ? box.y() - height : box.y();
    double left = Math.clamp(box.x(), 0, Math.max(0, image.getWidth() - width));
    graphics.fill(new Rectangle2D.Double(left, top, width, height));
    graphics.setColor(isBright(colour) ? Color.BLACK : Color.WHITE);
    var place = new AffineTransform(size, 0, 0, -size, left + size / 4, top + 1.05 * size);
    graphics.fill(place.createTransformedShape(Glyphs.outline(text)));
  }

  private static boolean isBright(Color colour) {
    return .3 * colour.getRed() + .59 * colour.getGreen() + .11 * colour.getBlue() > 140;
  }
}
