package dev.autoloss.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderTest {
  @TempDir Path folder;

  private RgbImage decode(BufferedImage image, String format) throws IOException {
    Path file = folder.resolve("x." + format);
    assertTrue(ImageIO.write(image, format, file.toFile()));
    return ImageDecoder.decode(file, "x", image.getWidth(), image.getHeight());
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void greyIsRepeatedAndNotBrightened() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSamples(0, 0, 2, 1, 0, new int[] {50, 200});
    assertArrayEquals(bytes(50, 50, 50, 200, 200, 200), decode(grey, "png").pixels());
  }

  @Test
  void sixteenBitGreyKeepsItsUpperByte() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSamples(0, 0, 2, 1, 0, new int[] {0x1234, 0xfeff});
    assertArrayEquals(bytes(0x12, 0x12, 0x12, 0xfe, 0xfe, 0xfe), decode(grey, "png").pixels());
  }

  @Test
  void transparencyIsDropped() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x80102030);
    image.setRGB(1, 0, 0xff405060);
    assertArrayEquals(bytes(0x10, 0x20, 0x30, 0x40, 0x50, 0x60), decode(image, "png").pixels());
  }

  @Test
  void palettesAreLookedUp() throws IOException {
    IndexColorModel palette =
        new IndexColorModel(1, 2, bytes(0x10, 0xa0), bytes(0x20, 0xb0), bytes(0x30, 0xc0));
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSamples(0, 0, 2, 1, 0, new int[] {1, 0});
    for (String format : new String[] {"png", "gif"}) {
      assertArrayEquals(
          bytes(0xa0, 0xb0, 0xc0, 0x10, 0x20, 0x30), decode(image, format).pixels(), format);
    }
  }

  @Test
  void bmpAndJpegDecode() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    image.createGraphics().fillRect(0, 0, 16, 16);
    for (String format : new String[] {"bmp", "jpg"}) {
      assertEquals(255, decode(image, format).pixels()[300] & 0xff, format);
    }
  }

  @Test
  void anotherSizeIsRefusedBeforeDecoding() throws IOException {
    Path file = folder.resolve("x.png");
    ImageIO.write(new BufferedImage(3, 4, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    assertEquals(
        "images/x.png: expected 4 × 3 pixels as the annotations say, but it has 3 × 4",
        assertThrows(DataException.class, () -> ImageDecoder.decode(file, "images/x.png", 4, 3))
            .getMessage());
  }

  @Test
  void namesWhatIsNoImage() throws IOException {
    Path file = folder.resolve("x.png");
    Files.writeString(file, "no image");
    assertEquals(
        "images/x.png: expected an image, but its format is not known",
        assertThrows(DataException.class, () -> ImageDecoder.decode(file, "images/x.png", 4, 3))
            .getMessage());
    assertEquals(
        "images/y.png: expected an image file, but there is no such file",
        assertThrows(
                DataException.class,
                () -> ImageDecoder.decode(folder.resolve("y.png"), "images/y.png", 4, 3))
            .getMessage());
  }

  /** Damaged files give an image or the one exception, in one line, never another. */
  @Test
  void damagedFilesGiveOneKindOfFailure() throws IOException {
    long seed = 5;
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1200; i++) {
      image.setRGB(i % 40, i / 40, random.nextInt());
    }
    int refused = 0;
    for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
      Path file = folder.resolve("x." + format);
      ImageIO.write(image, format, file.toFile());
      byte[] whole = Files.readAllBytes(file);
      for (int attempt = 0; attempt < 60; attempt++) {
        byte[] damaged = java.util.Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
        for (int hit = 0; hit < 4; hit++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        Files.write(file, damaged);
        try {
          ImageDecoder.decode(file, "x", 40, 30);
        } catch (DataException wrong) {
          refused++;
          assertEquals(1, wrong.getMessage().lines().count(), wrong.getMessage());
        }
      }
    }
    assertTrue(refused > 100, refused + " of 240 refused, seed " + seed);
  }
}
