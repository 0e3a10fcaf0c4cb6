package dev.autoloss.trainer.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Architecture;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch wrote, and hostile ones. */
class WeightsFilesTest {
  private static final long SEED = 20251125;

  @TempDir Path folder;

  private Path copy(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = WeightsFilesTest.class.getResourceAsStream("/weights/" + name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "nested", "protocol4"})
  void theTensorsOfAPickleAreThoseThatPyTorchPutIn(String name) throws IOException {
    Map<String, Numbers> found = PickledTensors.read(copy(name + ".pth"));
    JsonNode expected = new ObjectMapper().readTree(copy("pickles.json").toFile()).get(name);
    List<String> names = new ArrayList<>();
    expected.fieldNames().forEachRemaining(names::add);
    assertEquals(names, List.copyOf(found.keySet()));
    for (String tensor : names) {
      JsonNode shape = expected.get(tensor).get("shape");
      assertEquals(shape.toString(), Arrays.toString(found.get(tensor).shape()).replace(" ", ""));
      JsonNode values = expected.get(tensor).get("values");
      assertEquals(values.size(), found.get(tensor).values().length);
      for (int i = 0; i < values.size(); i++) {
        assertEquals((float) values.get(i).asDouble(), found.get(tensor).values()[i], tensor);
      }
    }
  }

  @Test
  void theFormatBeforePyTorch16IsNamed() throws IOException {
    Path file = copy("legacy.pth");
    var thrown = assertThrows(WeightsException.class, () -> StartingWeights.read(file));
    assertTrue(thrown.getMessage().startsWith(file + ": expected a header that fits the file"));
  }

  /** Every prefix and many damaged copies are read or refused, and nothing else happens. */
  @ParameterizedTest
  @ValueSource(strings = {"plain.pth", "nested.pth"})
  void aDamagedFileIsRefusedInOneLine(String name) throws IOException {
    byte[] whole = Files.readAllBytes(copy(name));
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    Path file = folder.resolve("damaged");
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      byte[] bytes = whole.clone();
      if (i % 3 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      } else {
        for (int k = 0; k < 1 + i % 4; k++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
      Files.write(file, bytes);
      try {
        var _ = StartingWeights.read(file);
      } catch (WeightsException wrong) {
        refused++;
        assertEquals(1, wrong.getMessage().lines().count(), "seed " + SEED);
      } catch (IOException | RuntimeException other) {
        throw new AssertionError("seed " + SEED + ", copy " + i, other);
      }
    }
    assertTrue(refused > 200, refused + " refused");
  }

  @Test
  void aPickleThatWouldRunSomethingRunsNothing() {
    String script = "cos\nsystem\n(X\u0005\u0000\u0000\u0000falsetR.";
    Pickle.Value value = Pickle.read("evil", script.getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(new Pickle.Opaque(), value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
        "{\"a\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"a\":7}",
        "[]",
        "{"
      })
  void aHostileHeaderIsRefused(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Path file = folder.resolve("hostile.safetensors");
    Files.write(file, bytes.array());
    var thrown = assertThrows(WeightsException.class, () -> SafeTensorsReader.read(file));
    assertTrue(thrown.getMessage().startsWith(file + ": "), thrown.getMessage());
    assertEquals(1, thrown.getMessage().lines().count());
  }

  @Test
  void aFillNamesWhatIsMissingUnexpectedAndOfAnotherShape() throws IOException {
    Engines.prepare(2);
    try (Torch torch = Torch.open(false, 2, List.of())) {
      var parameters = new Parameters(torch);
      parameters.weight("0.weight", new float[8], 4, 2);
      parameters.weight("0.bias", new float[4], 4);
      parameters.fixed("1.running_mean", new float[4], 4);
      parameters.weight("2.weight", new float[4], 4);
      Path file = copy("nested.pth");
      StartingWeights weights = StartingWeights.read(file);
      var thrown =
          assertThrows(
              WeightsException.class, () -> weights.fill(parameters, List.of(), List.of()));
      assertEquals(
          file
              + ": expected the weights of this detector: missing 0.weight, 2.weight; unexpected"
              + " 1.weight, 1.bias, 1.running_var; of another shape 0.weight: expected 4 × 2, found"
              + " 4 × 3 × 3 × 3",
          thrown.getMessage());
      assertArrayEquals(new float[4], parameters.all().get("0.bias").floats());
    }
  }

  /** A link to a device that is always full stands for the disk. */
  @Test
  void aFullDiskLeavesTheOldCheckpoint() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
    Engines.prepare(2);
    Path file = folder.resolve("checkpoint.safetensors");
    Path part = folder.resolve("checkpoint.safetensors.part");
    try (Torch torch = Torch.open(false, 2, List.of())) {
      var parameters = new Parameters(torch);
      parameters.weight("a", new float[] {1, 2, 3}, 3);
      FinalWeights.write(file, Architecture.FCOS, parameters, Map.of());
      byte[] old = Files.readAllBytes(file);
      Files.createSymbolicLink(part, full);
      var thrown =
          assertThrows(
              IOException.class,
              () -> FinalWeights.write(file, Architecture.FCOS, parameters, Map.of()));
      assertEquals(file + ": No space left on device", thrown.getMessage());
      assertArrayEquals(old, Files.readAllBytes(file));
      assertFalse(Files.exists(part, LinkOption.NOFOLLOW_LINKS));
    }
  }

  /** Torchvision's detectors of COCO have 91 rows; a data set has some of COCO's classes. */
  @Test
  void rowsOfCocoAreChosenByCategoryId() throws IOException {
    List<Long> ids = List.of(1L, 18L, 90L);
    List<String> names = List.of("person", "dog", "toothbrush");
    int[] rows = CocoRows.of(ids, names).orElseThrow();
    float[] numbered = new float[91];
    float[] boxes = new float[4 * 91];
    for (int i = 0; i < boxes.length; i++) {
      numbered[Math.floorDiv(i, 4)] = Math.floorDiv(i, 4);
      boxes[i] = i;
    }
    String scores = BackgroundRow.SCORES + "bias";
    Numbers last = BackgroundRow.last(scores, new Numbers(new long[] {91}, numbered));
    assertArrayEquals(
        new float[] {1, 18, 90, 0}, CocoRows.choose(scores, last, rows).orElseThrow().values());
    String offsets = BackgroundRow.BOXES + "bias";
    Numbers without = BackgroundRow.last(offsets, new Numbers(new long[] {364}, boxes));
    assertArrayEquals(
        new float[] {4, 5, 6, 7, 72, 73, 74, 75, 360, 361, 362, 363},
        CocoRows.choose(offsets, without, rows).orElseThrow().values());
    String fcos = "head.classification_head.cls_logits.bias";
    Numbers points = new Numbers(new long[] {91}, numbered);
    assertArrayEquals(
        new float[] {1, 18, 90}, CocoRows.choose(fcos, points, rows).orElseThrow().values());
    assertEquals(
        Optional.empty(), CocoRows.choose(fcos, new Numbers(new long[] {80}, numbered), rows));
    assertTrue(CocoRows.of(ids, List.of("person", "cat", "toothbrush")).isEmpty());
    assertTrue(CocoRows.of(List.of(12L), List.of("-")).isEmpty());
  }

  @Test
  void theBackgroundGoesFromLastToFirstAndBack() {
    Engines.prepare(2);
    float[] rows = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    try (Torch torch = Torch.open(false, 2, List.of())) {
      String scores = "roi_heads.box_predictor.cls_score.weight";
      Stored first = BackgroundRow.first(scores, torch.tensor(rows, 5, 2));
      assertArrayEquals(new float[] {9, 10, 1, 2, 3, 4, 5, 6, 7, 8}, first.values().get());
      Numbers back = BackgroundRow.last(scores, new Numbers(first.shape(), first.values().get()));
      assertArrayEquals(rows, back.values());
      String boxes = "roi_heads.box_predictor.bbox_pred.bias";
      Stored padded = BackgroundRow.first(boxes, torch.tensor(rows, 10));
      assertArrayEquals(new long[] {14}, padded.shape());
      assertEquals(0, padded.values().get()[3]);
      assertEquals(1, padded.values().get()[4]);
      assertArrayEquals(
          rows,
          BackgroundRow.last(boxes, new Numbers(padded.shape(), padded.values().get())).values());
    }
  }
}
