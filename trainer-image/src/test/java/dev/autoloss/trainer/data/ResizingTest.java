package dev.autoloss.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Resize;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizingTest {
  /** Worked by hand from f = min(long/long, short/short), int(dim · f + .5). */
  @ParameterizedTest
  @CsvSource({
    "640, 480, 800, 1333, 1067, 800",
    "480, 640, 800, 1333, 800, 1067",
    "500, 375, 800, 1333, 1067, 800",
    "1000, 400, 800, 1333, 1333, 533",
    "640, 480, 120, 160, 160, 120",
    "96, 96, 96, 96, 96, 96",
    "333, 500, 800, 1333, 800, 1201",
    "3000, 1, 32, 32, 32, 1",
  })
  void sizes(int width, int height, int shortSide, int longSide, int newWidth, int newHeight) {
    assertEquals(
        new Resizing.Size(newWidth, newHeight),
        Resizing.size(width, height, new Resize(shortSide, longSide)));
  }

  @Test
  void equalsOpenCvToOneGreyLevel() throws IOException {
    JsonNode cases;
    try (InputStream in = ResizingTest.class.getResourceAsStream("/coco/resize.json")) {
      cases = new ObjectMapper().readTree(in);
    }
    RgbImage source = image(cases);
    int bias = 0;
    int all = 0;
    for (JsonNode resized : cases.get("resized")) {
      RgbImage expected = image(resized);
      RgbImage found =
          Resizing.bilinear(source, new Resizing.Size(expected.width(), expected.height()));
      for (int i = 0; i < expected.pixels().length; i++, all++) {
        int gap = (found.pixels()[i] & 0xff) - (expected.pixels()[i] & 0xff);
        assertTrue(Math.abs(gap) <= 1, "at %d of %s: off by %d".formatted(i, expected, gap));
        bias += gap;
      }
    }
    // OpenCV computes in fixed point and drops fractions, so it is a little darker.
    assertTrue(Math.abs(bias) < all / 8, "%d grey levels over %d values".formatted(bias, all));
  }

  @Test
  void leavesTheSameSizeAlone() {
    RgbImage image = new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    assertSame(image, Resizing.bilinear(image, new Resizing.Size(2, 1)));
  }

  private static RgbImage image(JsonNode json) {
    byte[] pixels = new byte[json.get("pixels").size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) json.get("pixels").get(i).intValue();
    }
    return new RgbImage(json.get("width").intValue(), json.get("height").intValue(), pixels);
  }
}
