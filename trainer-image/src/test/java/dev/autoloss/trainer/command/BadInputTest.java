package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ExitCode;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.trainer.data.EpochBatches;
import dev.autoloss.trainer.fit.DetectorFit;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.shapes.ShapesFolder;
import dev.autoloss.trainer.weights.StartingWeights;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a training says of wrong data: one line that names it, and the code of wrong data. */
class BadInputTest {
  private static final DetectorTrainingSpec SPEC =
      TrainingDocuments.spec(TrainingDocuments.FILES, 1, 0, 0);

  @TempDir Path folder;

  @BeforeAll
  static void prepare() {
    Engines.prepare(1);
  }

  @BeforeEach
  void write() throws IOException {
    ShapesFolder.write(new ShapesSource(1, 4, 2, 64, 64), folder.resolve("data"));
  }

  /** Reads all that a training would read, and tells what it would say. */
  private Failure failure() {
    Throwable thrown =
        assertThrows(
            RuntimeException.class,
            () -> {
              TrainingData data = TrainingData.open(SPEC, Optional.of(folder.resolve("data")));
              try (var batches =
                  new EpochBatches(
                      data.train().dataset(),
                      data.train().store(),
                      SPEC.schedule(),
                      SPEC.detector().preprocessing(),
                      1)) {
                batches.epoch(0).forEachRemaining(_ -> {});
              }
            });
    return Failure.of(thrown);
  }

  private void assertLine(String expected) {
    Failure failure = failure();
    assertEquals(expected, failure.line());
    assertEquals(ExitCode.DATA.code(), failure.exitCode());
  }

  private static ObjectNode annotation(JsonNode tree, int index) {
    return (ObjectNode) tree.get("annotations").get(index);
  }

  private static void box(JsonNode tree, double... numbers) {
    ArrayNode box = annotation(tree, 1).putArray("bbox");
    Arrays.stream(numbers).forEach(box::add);
  }

  private static Arguments annotations(Consumer<JsonNode> damage, String line) {
    return Arguments.of(damage, line);
  }

  static Stream<Arguments> annotations() {
    return Stream.of(
        annotations(
            tree -> box(tree, 70, 0, 9, 9),
            "[1].bbox: expected a box that meets its image of 64 × 64 pixels, but it is [70.0,"
                + " 0.0, 9.0, 9.0]"),
        annotations(
            tree -> box(tree, 1, Double.NaN, 9, 9),
            "[1].bbox: expected four finite numbers x, y, width, height, but it is"
                + " [1.0,\"NaN\",9.0,9.0]"),
        annotations(
            tree -> box(tree, 1, 1, 0, 9),
            "[1].bbox: expected a box with width and height above 0, but it is"
                + " [1.0,1.0,0.0,9.0]"),
        annotations(
            tree -> annotation(tree, 1).put("category_id", 77),
            "[1].category_id: expected an id of categories, but none has 77"),
        annotations(
            tree -> annotation(tree, 1).put("image_id", 77),
            "[1].image_id: expected an id of images, but none has 77"),
        annotations(
            tree -> annotation(tree, 1).put("id", annotation(tree, 0).get("id").longValue()),
            "[1].id: expected an id that no other annotation has, but 1 has"));
  }

  @ParameterizedTest
  @MethodSource("annotations")
  void annotationsAreNamed(Consumer<JsonNode> damage, String line) throws IOException {
    change(damage);
    assertLine("annotations/train.json: annotations" + line);
  }

  private void change(Consumer<JsonNode> damage) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Path file = folder.resolve("data/annotations/train.json");
    JsonNode tree = mapper.readTree(file.toFile());
    damage.accept(tree);
    // NaN is no JSON, but Python writes it.
    Files.writeString(file, mapper.writeValueAsString(tree).replace("\"NaN\"", "NaN"));
  }

  @Test
  void anImageOf30000PixelsASideIsNamed() throws IOException {
    change(tree -> ((ObjectNode) tree.get("images").get(0)).put("width", 30_000));
    change(tree -> ((ObjectNode) tree.get("images").get(0)).put("height", 30_000));
    assertLine(
        "annotations/train.json: images[0].width: expected an image of at most 100000000 pixels");
  }

  @Test
  void anImageOfAnotherSizeThanListedIsNamed() throws IOException {
    change(tree -> ((ObjectNode) tree.get("images").get(0)).put("width", 96));
    assertTrue(
        failure()
            .line()
            .matches(
                "images/train-\\d+\\.png: expected 96 × 64 pixels as the annotations say, but it has"
                    + " 64 × 64"));
  }

  @Test
  void aTruncatedJpegIsNamed() throws IOException {
    var image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, i * 7919);
    }
    Path file = folder.resolve("data/images/cut.jpg");
    assertTrue(ImageIO.write(image, "jpeg", file.toFile()));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    change(tree -> ((ObjectNode) tree.get("images").get(0)).put("file_name", "cut.jpg"));
    Failure failure = failure();
    assertEquals(ExitCode.DATA.code(), failure.exitCode());
    assertTrue(
        failure.line().startsWith("images/cut.jpg: expected an image that decodes, but "),
        failure.line());
  }

  @Test
  void weightsOfAnotherDetectorAreNamedByKeyAndShape() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode tree = mapper.valueToTree(SPEC);
    ((ObjectNode) tree.get("detector")).put("architecture", "FasterRCNN");
    var faster = mapper.treeToValue(tree, DetectorTrainingSpec.class);
    var categories =
        TrainingData.open(SPEC, Optional.of(folder.resolve("data"))).train().dataset().categories();
    Path file = folder.resolve("fcos.safetensors");
    try (var fit = new DetectorFit(SPEC, categories, 1)) {
      fit.saveCheckpoint(file);
    }
    try (var fit = new DetectorFit(faster, categories, 1)) {
      Failure failure =
          Failure.of(
              assertThrows(
                  RuntimeException.class, () -> fit.startFrom(StartingWeights.read(file))));
      assertEquals(ExitCode.DATA.code(), failure.exitCode());
      for (String part :
          List.of(
              file + ": expected the weights of this detector: missing ",
              " and ",
              "; unexpected head.classification_head.conv.0.weight")) {
        assertTrue(failure.line().contains(part), failure.line());
      }
      assertEquals(1, failure.line().lines().count());
    }
  }
}
