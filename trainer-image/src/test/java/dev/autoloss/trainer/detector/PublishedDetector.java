package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.mask.Bitmap;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import dev.autoloss.trainer.weights.ParameterNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** One detector of the published code, at tiny width: its weights, two images, what it computes. */
final class PublishedDetector {
  static final double RELATIVE = 1e-4;
  static final float PIXELS = 1e-3f;
  static final int LEVELS = 5;
  static final int IMAGES = 2;

  private final Fixture batch = Fixture.read("repo_batch");
  private final Fixture expected;
  private final Fixture weights;
  private final JsonNode numbers;

  /**
   * Reads it.
   *
   * @param name such as "fcos"
   */
  PublishedDetector(String name) {
    expected = Fixture.read("repo_" + name + "_expected");
    weights = Fixture.read("repo_" + name + "_weights");
    numbers = Fixture.json("repo_" + name);
  }

  Fixture expected() {
    return expected;
  }

  JsonNode numbers() {
    return numbers;
  }

  int classes() {
    return numbers.get("classes").asInt();
  }

  /** Channels of the backbone's first convolution. */
  int width() {
    return (int) weights.get("backbone.conv1.weight").shape()[0];
  }

  /** Channels of the pyramid. */
  int channels() {
    return (int) weights.get("neck.lateral_convs.0.conv.bias").shape()[0];
  }

  /** Outputs of a layer. */
  int outputs(String layer, int dimension) {
    return (int) weights.get(layer + ".weight").shape()[dimension];
  }

  Batch input() {
    Fixture.Entry images = batch.get("images");
    return new Batch(images.floats(), (int) images.shape()[2], (int) images.shape()[3], samples());
  }

  List<Batch.Sample> samples() {
    return IntStream.range(0, IMAGES).mapToObj(this::sample).toList();
  }

  private Batch.Sample sample(int image) {
    JsonNode meta = numbers.get("metas").get(image);
    return new Batch.Sample(
        image,
        meta.get("img_shape").get(0).asInt(),
        meta.get("img_shape").get(1).asInt(),
        meta.get("ori_shape").get(0).asInt(),
        meta.get("ori_shape").get(1).asInt(),
        batch.floats("gt_boxes_" + image),
        ints(batch.longs("gt_labels_" + image)),
        masks(image));
  }

  private List<Bitmap> masks(int image) {
    Fixture.Entry entry = batch.get("gt_masks_" + image);
    int height = (int) entry.shape()[1];
    int width = (int) entry.shape()[2];
    List<Bitmap> masks = new ArrayList<>();
    for (int i = 0; i < entry.shape()[0]; i++) {
      boolean[] pixels = new boolean[height * width];
      for (int pixel = 0; pixel < pixels.length; pixel++) {
        pixels[pixel] = entry.longs()[i * pixels.length + pixel] == 1;
      }
      masks.add(new Bitmap(height, width, pixels));
    }
    return masks;
  }

  /** Classes of what it detects in an image. */
  int[] detectedLabels(int image) {
    return ints(expected.longs("eval.det" + image + ".labels"));
  }

  /** What it detects in an image: rows of four edges and a score. */
  float[] detected(int image) {
    return expected.floats("eval.det" + image + ".boxes");
  }

  private static int[] ints(long[] numbers) {
    return LongStream.of(numbers).mapToInt(Math::toIntExact).toArray();
  }

  /** Puts its weights in; all of ours must be among them. */
  void fill(Parameters parameters) {
    Set<String> filled = new HashSet<>();
    for (String name : weights.names()) {
      if (!name.endsWith("num_batches_tracked")) {
        String ours = ours(name, parameters);
        assertArrayEquals(weights.get(name).shape(), parameters.all().get(ours).shape(), name);
        parameters.put(parameters.all().get(ours), weights.floats(name));
        filled.add(ours);
      }
    }
    assertEquals(parameters.all().keySet(), filled);
  }

  private static String ours(String name, Parameters parameters) {
    return ParameterNames.ours(name, parameters.all().keySet()).orElseThrow();
  }

  /** The gradients that are there are its in a launch mode, and no parameter is left out. */
  void assertGradients(String mode, Torch torch, Parameters parameters) {
    Map<String, Tensor> trained = parameters.trained();
    Set<String> seen = new HashSet<>();
    for (var entry : numbers.get("modes").get(mode).get("grad_norm").properties()) {
      String ours = ours(entry.getKey(), parameters);
      seen.add(ours);
      float[] gradient = torch.gradient(trained.get(ours)).floats();
      assertRelative(entry.getValue().asDouble(), norm(gradient), entry.getKey());
    }
    assertEquals(trained.keySet(), seen);
    String prefix = mode + ".grad.";
    for (String name : expected.names()) {
      if (name.startsWith(prefix)) {
        String ours = ours(name.substring(prefix.length()), parameters);
        assertNear(expected.floats(name), torch.gradient(trained.get(ours)).floats(), name);
      }
    }
  }

  /** One step of its recipe moves each parameter as far as it does there. */
  void assertStep(Parameters parameters, double rate) {
    Map<String, float[]> before = new TreeMap<>();
    parameters.trained().forEach((name, tensor) -> before.put(name, tensor.floats()));
    parameters.descend(rate, .9, 1e-4, 1);
    JsonNode norms = numbers.get("sgd_step_param_delta_norm");
    assertFalse(norms.isEmpty());
    for (var entry : norms.properties()) {
      String ours = ours(entry.getKey(), parameters);
      float[] moved = parameters.trained().get(ours).floats();
      // A movement is the difference of rounded numbers.
      double rounding = 6e-8 * norm(moved);
      for (int i = 0; i < moved.length; i++) {
        moved[i] -= before.get(ours)[i];
      }
      double length = entry.getValue().asDouble();
      assertEquals(length, norm(moved), RELATIVE * length + rounding, entry.getKey());
    }
  }

  /** The boxes of rows of four edges and a score. */
  static float[] edges(float[] rows) {
    float[] edges = new float[rows.length / 5 * 4];
    for (int i = 0; i < rows.length / 5; i++) {
      System.arraycopy(rows, 5 * i, edges, 4 * i, 4);
    }
    return edges;
  }

  /** The scores of rows of four edges and a score. */
  static float[] scores(float[] rows) {
    float[] scores = new float[rows.length / 5];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = rows[5 * i + 4];
    }
    return scores;
  }

  static void assertRelative(double expected, double found, String what) {
    assertEquals(expected, found, RELATIVE * Math.abs(expected) + 1e-7, what);
  }

  /** Equal within a ten-thousandth of the whole's greatest number. */
  static void assertNear(float[] expected, float[] found, String what) {
    float greatest = 0;
    for (float number : expected) {
      greatest = Math.max(greatest, Math.abs(number));
    }
    assertArrayEquals(expected, found, (float) RELATIVE * greatest + 1e-9f, what);
  }

  private static double norm(float[] numbers) {
    double squares = 0;
    for (float number : numbers) {
      squares += (double) number * number;
    }
    return Math.sqrt(squares);
  }
}
