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
  private final Map<String, String> metadata;

  private StartingWeights(
      Path file, SequencedMap<String, Numbers> tensors, Map<String, String> metadata) {
    this.file = file;
    this.tensors = tensors;
    this.metadata = Map.copyOf(metadata);
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
    if (Arrays.equals(start, new byte[] {'P', 'K'})) {
      return new StartingWeights(file, PickledTensors.read(file), Map.of());
    }
    SafeTensorsReader.Content content = SafeTensorsReader.read(file);
    return new StartingWeights(file, content.tensors(), content.metadata());
  }

  /**
   * The texts of the header, which only safetensors have.
   *
   * @return by key; none of a file that {@code torch.save} wrote
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** What a file's tensors are to a network. */
  private static final class Comparison {
    private final SequencedMap<String, Tensor> network;
    private final Map<String, Numbers> fitting = new LinkedHashMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> shapes = new ArrayList<>();
    private final List<String> anew = new ArrayList<>();
    private final Optional<int[]> cocoIds;

    Comparison(SequencedMap<String, Tensor> network, Optional<int[]> cocoIds) {
      this.network = network;
      this.cocoIds = cocoIds;
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
      boolean byClasses = BY_CLASSES.matcher(ours).matches();
      Optional<Numbers> chosen =
          cocoIds.filter(_ -> byClasses).flatMap(ids -> CocoRows.choose(ours, numbers, ids));
      if (chosen.isPresent()) {
        fitting.put(ours, chosen.get());
      } else if (Arrays.equals(tensor.shape(), numbers.shape())) {
        fitting.put(ours, numbers);
      } else if (byClasses) {
        anew.add(ours);
      } else {
        String expected = new Numbers(tensor.shape(), new float[0]).shapeText();
        shapes.add("%s: expected %s, found %s".formatted(name, expected, numbers.shapeText()));
      }
    }

    List<String> missing(boolean bare) {
      return network.keySet().stream()
          .filter(name -> !fitting.containsKey(name) && !anew.contains(name))
          .filter(name -> !OPTIONAL.matcher(name).matches())
          .filter(name -> !bare || name.startsWith(BODY))
          .toList();
    }

    /** Moves what fits into the network; returns what starts anew. */
    List<String> put(Parameters parameters) {
      network.forEach(
          (name, tensor) -> {
            Numbers numbers = fitting.get(name);
            if (numbers != null) {
              parameters.put(tensor, numbers.values());
            }
          });
      return anew;
    }
  }

  /**
   * Fills a network: all of it, or its body alone if the file has no more. Of torchvision's
   * detectors of COCO, which have a row for each of 91 ids, the rows of the classes are taken, if
   * each is one of COCO's by id and name.
   *
   * @param parameters of the network
   * @param ids of the classes
   * @param names of the classes
   * @return names of what starts anew, since it depends on the number of classes
   * @throws WeightsException if the file is of another network: the message names keys and shapes
   */
  public List<String> fill(Parameters parameters, List<Long> ids, List<String> names) {
    var comparison = new Comparison(parameters.all(), CocoRows.of(ids, names));
    tensors.forEach(comparison::add);
    boolean bare = comparison.fitting.keySet().stream().allMatch(name -> name.startsWith(BODY));
    check(comparison.missing(bare), comparison.unexpected, comparison.shapes);
    return comparison.put(parameters);
  }

  /**
   * Fills a network whose every number must be in the file.
   *
   * @param parameters of the network
   * @param ids of the classes
   * @param names of the classes
   * @throws WeightsException if the file is of another network or of another number of classes, or
   *     has a body alone: the message names keys and shapes
   */
  public void fillAll(Parameters parameters, List<Long> ids, List<String> names) {
    var comparison = new Comparison(parameters.all(), CocoRows.of(ids, names));
    tensors.forEach(comparison::add);
    if (!comparison.anew.isEmpty()) {
      throw new WeightsException(
          "%s: expected the weights of %d classes, found another number: %s"
              .formatted(file, ids.size(), comparison.anew.getFirst()));
    }
    check(comparison.missing(false), comparison.unexpected, comparison.shapes);
    var _ = comparison.put(parameters);
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
