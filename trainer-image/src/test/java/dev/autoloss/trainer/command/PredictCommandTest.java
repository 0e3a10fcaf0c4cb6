package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoReader;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.data.EvaluationBatches;
import dev.autoloss.trainer.data.ImageFolder;
import dev.autoloss.trainer.data.RgbImage;
import dev.autoloss.trainer.fit.DetectorFit;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.mask.Bitmap;
import dev.autoloss.trainer.mask.RunLengths;
import dev.autoloss.trainer.shapes.ShapesFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects found by the command are those that the trained detector finds, and wrong input is named.
 */
class PredictCommandTest {
  @TempDir static Path shared;

  /** What the detector found in each image when it was trained. */
  private static final List<DetectedBox> EXPECTED = new ArrayList<>();

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static Path weights() {
    return shared.resolve("checkpoint.safetensors");
  }

  private static Path photos() {
    return shared.resolve("data/images");
  }

  @BeforeAll
  static void train() throws IOException {
    Engines.prepare(1);
    ShapesFolder.write(new ShapesSource(1, 8, 4, 64, 64), shared.resolve("data"));
    ObjectMapper mapper = new ObjectMapper();
    JsonNode tree = mapper.valueToTree(TrainingDocuments.spec(TrainingDocuments.FILES, 1, 0, 0));
    ((ObjectNode) tree.get("detector")).put("architecture", "FasterRCNN");
    var spec = mapper.treeToValue(tree, DetectorTrainingSpec.class);
    Path annotations = shared.resolve("data/annotations/validation.json");
    CocoDataset dataset = CocoReader.read(annotations, "validation.json");
    try (var fit = new DetectorFit(spec, dataset.categories(), 1);
        var batches =
            new EvaluationBatches(
                dataset,
                new ImageFolder(photos(), "images"),
                spec.schedule(),
                spec.detector().preprocessing())) {
      fit.saveCheckpoint(weights());
      for (Iterator<Batch> all = batches.epoch(0); all.hasNext(); ) {
        EXPECTED.addAll(DetectedBox.of(fit.detect(all.next())));
      }
    }
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("predict"));
    all.addAll(List.of(arguments));
    return TrainerCommand.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  private void assertRefused(String line, String... arguments) throws IOException {
    assertEquals(2, run(arguments), err.toString());
    assertTrue(err.toString().startsWith("error: " + line), err.toString());
    assertEquals(1, err.toString().strip().lines().count(), err.toString());
    try (Stream<Path> left = Files.walk(folder)) {
      List<Path> written =
          left.filter(file -> file.toString().contains("out") || file.endsWith("found.json"))
              .toList();
      assertEquals(List.of(), written);
    }
    err.getBuffer().setLength(0);
  }

  @Test
  void findsWhatTheTrainedDetectorFinds() throws IOException {
    assertFalse(EXPECTED.isEmpty());
    Path json = folder.resolve("found.json");
    Path annotations = shared.resolve("data/annotations/validation.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--weights",
                weights().toString(),
                "--score",
                "0",
                "--threads",
                "1",
                "--annotations",
                annotations.toString(),
                "--json",
                json.toString(),
                "--out",
                folder.resolve("out").toString()));
    CocoDataset dataset = CocoReader.read(annotations, "validation.json");
    dataset.images().forEach(image -> arguments.add(photos().resolve(image.fileName()).toString()));
    assertEquals(0, run(arguments.toArray(String[]::new)), err.toString());
    JsonNode found = new ObjectMapper().readTree(json.toFile());
    assertEquals(EXPECTED.size(), found.size());
    for (int i = 0; i < found.size(); i++) {
      DetectedBox box = EXPECTED.get(i);
      JsonNode node = found.get(i);
      assertEquals(box.imageId(), node.get("image_id").longValue());
      long category = dataset.categories().ids().get(box.label());
      assertEquals(category, node.get("category_id").longValue());
      assertEquals(box.score(), node.get("score").doubleValue(), 1e-6);
      assertEquals(box.x(), node.get("bbox").get(0).doubleValue(), 1e-3);
      assertEquals(box.height(), node.get("bbox").get(3).doubleValue(), 1e-3);
    }
    for (var image : dataset.images()) {
      BufferedImage drawn = ImageIO.read(folder.resolve("out/" + image.fileName()).toFile());
      assertEquals(64, drawn.getWidth());
      assertTrue(out.toString().contains(image.id() + " " + photos().resolve(image.fileName())));
    }
  }

  @Test
  void aHighScoreLeavesNothingAndFoldersAreTaken() throws IOException {
    Path json = folder.resolve("found.json");
    String[] arguments = {
      "--weights",
      weights().toString(),
      "--score",
      "1",
      "--json",
      json.toString(),
      photos().toString()
    };
    assertEquals(0, run(arguments), err.toString());
    assertEquals("[]", Files.readString(json));
    assertEquals(12, out.toString().lines().filter(line -> line.endsWith(": nothing")).count());
  }

  @Test
  void wrongInputIsNamedAndNothingIsWritten() throws IOException {
    String out = folder.resolve("out").toString();
    String weights = weights().toString();
    Path none = folder.resolve("none.png");
    assertRefused(
        none + ": expected an image file, but there is no such file",
        "--weights",
        weights,
        "--out",
        out,
        none.toString());
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    assertRefused(
        text + ": expected an image, but its format is not known",
        "--weights",
        weights,
        "--out",
        out,
        text.toString());
    Path huge = Files.write(folder.resolve("huge.png"), pngHeader(30_000, 30_000));
    assertRefused(
        huge + ": expected an image of at most 100000000 pixels, but it has 30000 × 30000",
        "--weights",
        weights,
        "--out",
        out,
        huge.toString());
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(
        empty + ": expected at least one JPEG, PNG, GIF or BMP image",
        "--weights",
        weights,
        "--out",
        out,
        empty.toString());
    assertRefused(
        none + ": expected a file of weights, but there is no such file",
        "--weights",
        none.toString(),
        "--out",
        out,
        photos().toString());
    assertRefused(
        text + ": expected a header that fits the file",
        "--weights",
        text.toString(),
        "--out",
        out,
        photos().toString());
    assertRefused(
        "--score: expected 0 to 1, but it is 2.0",
        "--weights",
        weights,
        "--out",
        out,
        "--score",
        "2",
        photos().toString());
    Path alike =
        Files.writeString(
            folder.resolve("alike.json"),
            """
            {"images": [{"id": 1, "file_name": "a/1.png", "width": 64, "height": 64},
                        {"id": 2, "file_name": "b/1.png", "width": 64, "height": 64}],
             "annotations": [], "categories": [{"id": 1, "name": "square"}]}
            """);
    assertRefused(
        alike + ": images: expected names that differ without their folders, but two are 1.png",
        "--weights",
        weights,
        "--annotations",
        alike.toString(),
        "--out",
        out,
        photos().toString());
    assertRefused(
        "expected --out DIR, --json FILE or both", "--weights", weights, photos().toString());
  }

  @Test
  void aTruncatedJpegIsNamed() throws IOException {
    var image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, i * 7919);
    }
    Path whole = folder.resolve("whole.jpg");
    assertTrue(ImageIO.write(image, "jpeg", whole.toFile()));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(
        cut + ": expected an image that decodes, but ",
        "--weights",
        weights().toString(),
        "--out",
        folder.resolve("out").toString(),
        cut.toString());
  }

  @Test
  void weightsOfAnotherDetectorAreNamedByKeyAndShape() throws IOException {
    Path document = folder.resolve("fcos.yaml");
    Files.writeString(
        document,
        """
        apiVersion: autoloss.dev/v1alpha1
        kind: DetectorTraining
        metadata: {name: fcos}
        spec:
          detector: {architecture: FCOS, backbone: Small}
          dataset: {source: {shapes: {}}}
        """);
    assertRefused(
        weights() + ": expected the weights of this detector: missing ",
        "--weights",
        weights().toString(),
        "--document",
        document.toString(),
        "--out",
        folder.resolve("out").toString(),
        photos().toString());
  }

  /** A box's edge has its class's colour, and a mask's pixels come nearer to it. */
  @Test
  void picturesShowBoxesAndMasks() {
    var photo = new RgbImage(40, 40, new byte[3 * 40 * 40]);
    boolean[] pixels = new boolean[40 * 40];
    pixels[20 * 40 + 20] = true;
    var mask = RunLengths.of(new Bitmap(40, 40, pixels));
    var box = new DetectedBox(1, 1, 10, 15, 20, 20, .5, Optional.of(mask));
    BufferedImage drawn = Picture.of(photo, List.of(box), List.of("a", "b"));
    int colour = Picture.colour(1).getRGB() & 0xffffff;
    assertEquals(colour, drawn.getRGB(10, 30) & 0xffffff);
    assertEquals(colour, drawn.getRGB(30, 30) & 0xffffff);
    assertEquals(0, drawn.getRGB(5, 30) & 0xffffff);
    assertEquals(0, drawn.getRGB(22, 22) & 0xffffff);
    int inside = drawn.getRGB(20, 20) & 0xffffff;
    assertEquals((colour >> 16) * 4 / 10, inside >> 16);
  }

  /** A PNG that says how large it is, and ends there. */
  private static byte[] pngHeader(int width, int height) {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
    chunk.put(new byte[] {8, 2, 0, 0, 0});
    var sum = new CRC32();
    sum.update(chunk.array());
    ByteBuffer file = ByteBuffer.allocate(8 + 4 + 17 + 4);
    file.put(new byte[] {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10}).putInt(13);
    return file.put(chunk.array()).putInt((int) sum.getValue()).array();
  }
}
