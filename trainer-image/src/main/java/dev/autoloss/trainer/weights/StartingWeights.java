package dev.autoloss.trainer.weights;

import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * A file of weights that a training starts from: of a whole detector, or of a bare ResNet, in
 * torchvision's or mmdetection's names, as safetensors or as {@code torch.save} writes it.
 */
public final class StartingWeights {
  private static final int NAMED = 3;

  /** Read, but of no use: a classifier's last layer, and a counter of batches. */
  private static final Pattern UNUSED = Pattern.compile("fc\\..*|.*\\.num_batches_tracked");

  /** Whose shapes depend on the number of classes: they start anew where it differs. */
  private static final Pattern BY_CLASSES =
      Pattern.compile(
          "head\\.classification_head\\.cls_logits\\..*"
              + "|roi_heads\\.box_predictor[^.]*\\.(?:[0-9]\\.)?(?:cls_score|bbox_pred)\\..*"
              + "|roi_heads\\.mask_predictor\\.mask_fcn_logits\\..*");

  /** Which torchvision lacks: they stay at one. */
  private static final Pattern OPTIONAL = Pattern.compile("head\\.scales\\..*");

  private static final String BODY = "backbone.body.";

  private final Path file;
  private final SequencedMap<String, Numbers> tensors;

  private StartingWeights(Path file, SequencedMap<String, Numbers> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * Reads a file.
   *
   * @param file in either format
   * @return its weights
   * @throws WeightsException if it is of neither format, or damaged
   * @throws IOException if it cannot be read
   */
  public static StartingWeights read(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(2);
    }
    boolean zip = Arrays.equals(start, new byte[] {'P', 'K'});
    return new StartingWeights(
        file, zip ? PickledTensors.read(file) : SafeTensorsReader.read(file).tensors());
  }

  /** What a file's tensors are to a network. */
  private static final class Comparison {
    private final SequencedMap<String, Tensor> network;
    private final Map<String, Numbers> fitting = new LinkedHashMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> shapes = new ArrayList<>();
    private final List<String> anew = new ArrayList<>();

    Comparison(SequencedMap<String, Tensor> network) {
      this.network = network;
    }

    void add(String name, Numbers numbers) {
      Optional<String> ours = ParameterNames.ours(name, network.keySet());
      if (ours.isPresent()) {
        add(name, BackgroundRow.last(name, numbers), ours.get());
      } else if (!UNUSED.matcher(name).matches()) {
        unexpected.add(name);
      }
    }

    private void add(String name, Numbers numbers, String ours) {
      Tensor tensor = Objects.requireNonNull(network.get(ours), ours);
      if (Arrays.equals(tensor.shape(), numbers.shape())) {
        fitting.put(ours, numbers);
      } else if (BY_CLASSES.matcher(ours).matches()) {
        anew.add(ours);
      } else {
        String expected = new Numbers(tensor.shape(), new float[0]).shapeText();
        shapes.add("%s: expected %s, found %s".formatted(name, expected, numbers.shapeText()));
      }
    }

    List<String> missing() {
      boolean bare = fitting.keySet().stream().allMatch(name -> name.startsWith(BODY));
      return network.keySet().stream()
          .filter(name -> !fitting.containsKey(name) && !anew.contains(name))
          .filter(name -> !OPTIONAL.matcher(name).matches())
          .filter(name -> !bare || name.startsWith(BODY))
          .toList();
    }
  }

  /**
   * Fills a network: all of it, or its body alone if the file has no more.
   *
   * @param parameters of the network
   * @return names of what starts anew, since it depends on the number of classes
   * @throws WeightsException if the file is of another network: the message names keys and shapes
   */
  public List<String> fill(Parameters parameters) {
    var comparison = new Comparison(parameters.all());
    tensors.forEach(comparison::add);
    check(comparison.missing(), comparison.unexpected, comparison.shapes);
    comparison.network.forEach(
        (name, tensor) -> {
          Numbers numbers = comparison.fitting.get(name);
          if (numbers != null) {
            parameters.put(tensor, numbers.values());
          }
        });
    return comparison.anew;
  }

  private void check(List<String> missing, List<String> unexpected, List<String> shapes) {
    List<String> wrong = new ArrayList<>();
    describe("missing", missing).ifPresent(wrong::add);
    describe("unexpected", unexpected).ifPresent(wrong::add);
    describe("of another shape", shapes).ifPresent(wrong::add);
    if (!wrong.isEmpty()) {
      throw new WeightsException(
          file + ": expected the weights of this detector: " + String.join("; ", wrong));
    }
  }

  private static Optional<String> describe(String what, List<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    int rest = names.size() - NAMED;
    return Optional.of(what + " " + first + (rest > 0 ? " and " + rest + " more" : ""));
  }
}
