package dev.autoloss.trainer.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes image files to 8-bit RGB; transparency is dropped, grey is repeated. */
final class ImageDecoder {
  private ImageDecoder() {}

  /**
   * Decodes a file.
   *
   * @param file the file
   * @param shownName how messages name it
   * @param width that it must have; checked before memory is taken
   * @param height that it must have
   * @return its first image
   * @throws DataException if it is missing, does not decode or has another size
   */
  static RgbImage decode(Path file, String shownName, int width, int height) {
    return open(
        file,
        shownName,
        reader -> {
          checkSize(reader, shownName, width, height);
          return toRgb(reader.read(0));
        });
  }

  /**
   * Reads a file's size, and nothing of its pixels.
   *
   * @param file the file
   * @param shownName how messages name it
   * @param named id and name of the image
   * @return the same with its size
   * @throws DataException if it is missing, of an unknown format or too large
   */
  static CocoImage describe(Path file, String shownName, CocoImage named) {
    CocoImage found =
        open(
            file,
            shownName,
            reader ->
                new CocoImage(
                    named.id(), named.fileName(), reader.getWidth(0), reader.getHeight(0)));
    if ((long) found.width() * found.height() > CocoReader.MAX_PIXELS) {
      throw new DataException(
          "%s: expected an image of at most %d pixels, but it has %d × %d"
              .formatted(shownName, CocoReader.MAX_PIXELS, found.width(), found.height()));
    }
    return found;
  }

  private interface Reading<T> {
    T of(ImageReader reader) throws IOException;
  }

  private static <T> T open(Path file, String shownName, Reading<T> reading) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(shownName + ": expected an image file, but there is no such file");
    }
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new DataException(shownName + ": expected an image, but its format is not known");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        List<String> cuts = new ArrayList<>();
        reader.addIIOReadWarningListener((_, warning) -> cutIn(warning).ifPresent(cuts::add));
        T result = reading.of(reader);
        if (!cuts.isEmpty()) {
          throw new IOException(cuts.getFirst());
        }
        return result;
      } finally {
        reader.dispose();
      }
    } catch (DataException wrong) {
      throw wrong;
    } catch (IOException | RuntimeException broken) {
      // The JDK's decoders meet broken files with unchecked exceptions of many kinds, too.
      String reason = String.valueOf(broken.getMessage()).lines().findFirst().orElse("");
      throw new DataException(shownName + ": expected an image that decodes, but " + reason);
    }
  }

  /** A JPEG that ends early decodes, with grey for what is missing and a warning. */
  private static Optional<String> cutIn(String warning) {
    String small = warning.toLowerCase(Locale.ROOT);
    return Optional.of(warning)
        .filter(_ -> small.contains("premature end") || small.contains("truncated"));
  }

  private static void checkSize(ImageReader reader, String shownName, int width, int height)
      throws IOException {
    int foundWidth = reader.getWidth(0);
    int foundHeight = reader.getHeight(0);
    if (foundWidth != width || foundHeight != height) {
      throw new DataException(
          "%s: expected %d × %d pixels as the annotations say, but it has %d × %d"
              .formatted(shownName, width, height, foundWidth, foundHeight));
    }
  }

  static RgbImage toRgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] pixels = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    if (isGrey(image)) {
      copyGrey(image.getRaster(), pixels);
    } else {
      int[] row = new int[width];
      for (int y = 0; y < height; y++) {
        image.getRGB(0, y, width, 1, row, 0, width);
        for (int x = 0, at = 3 * y * width; x < width; x++) {
          pixels[at++] = (byte) (row[x] >> 16);
          pixels[at++] = (byte) (row[x] >> 8);
          pixels[at++] = (byte) row[x];
        }
      }
    }
    return new RgbImage(width, height, pixels);
  }

  private static boolean isGrey(BufferedImage image) {
    ColorModel colours = image.getColorModel();
    return !(colours instanceof IndexColorModel) && colours.getNumColorComponents() == 1;
  }

  /** Takes the samples as they are: getRGB would read grey as linear light and brighten it. */
  private static void copyGrey(Raster raster, byte[] pixels) {
    int shift = raster.getDataBuffer().getDataType() == DataBuffer.TYPE_USHORT ? 8 : 0;
    int[] row = new int[raster.getWidth()];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
      for (int value : row) {
        byte grey = (byte) (value >> shift);
        pixels[at++] = grey;
        pixels[at++] = grey;
        pixels[at++] = grey;
      }
    }
  }
}
