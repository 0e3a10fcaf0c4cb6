package dev.autoloss.trainer.shapes;

import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Split;
import dev.autoloss.trainer.data.CocoImage;
import dev.autoloss.trainer.data.CocoWriter;
import dev.autoloss.trainer.data.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Writes the generated set to a folder: {@code annotations/train.json}, {@code
 * annotations/validation.json} and PNG files in {@code images}.
 */
public final class ShapesFolder {
  private ShapesFolder() {}

  /**
   * Writes both splits.
   *
   * @param source seed, counts and size
   * @param folder empty, or not there yet
   * @throws IOException if it cannot be written
   */
  public static void write(ShapesSource source, Path folder) throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    Path annotations = Files.createDirectories(folder.resolve("annotations"));
    for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
      GeneratedShapes shapes = new GeneratedShapes(source, split);
      for (CocoImage image : shapes.dataset().images()) {
        Path file = images.resolve(image.fileName());
        if (!ImageIO.write(buffered(shapes.read(image)), "png", file.toFile())) {
          throw new IOException(file + ": no PNG writer in this Java");
        }
      }
      Path file = annotations.resolve(GeneratedShapes.nameOf(split) + ".json");
      try (OutputStream out = Files.newOutputStream(file)) {
        CocoWriter.write(out, shapes.dataset());
      }
    }
  }

  private static BufferedImage buffered(RgbImage image) {
    BufferedImage buffered =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    buffered.getRaster().setPixels(0, 0, image.width(), image.height(), unsigned(image.pixels()));
    return buffered;
  }

  private static int[] unsigned(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return values;
  }
}
