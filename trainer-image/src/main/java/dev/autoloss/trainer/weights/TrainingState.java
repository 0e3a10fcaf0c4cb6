package dev.autoloss.trainer.weights;

import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The file from which a training goes on as if it had never stopped: weights, momentum, and texts
 * that say where it stood. It appears whole or not at all.
 */
public final class TrainingState {
  private static final String FORMAT_KEY = "format";
  private static final String FORMAT = "autoloss-training-1";
  private static final String WEIGHT = "weight.";
  private static final String MOMENTUM = "momentum.";

  private final Path file;
  private final int every;
  private final Map<String, String> identity;

  /**
   * Names the file; nothing is read or written yet.
   *
   * @param file to read, and to write anew
   * @param every steps from one writing to the next, at least 1
   * @param identity texts that must be the same in the file: of another training nothing is used
   */
  public TrainingState(Path file, int every, Map<String, String> identity) {
    this.file = file;
    this.every = every;
    this.identity = new TreeMap<>(identity);
  }

  /**
   * Tells whether it is time to write.
   *
   * @param steps that are done
   * @return once every so many steps
   */
  public boolean isDue(int steps) {
    return steps % every == 0;
  }

  /**
   * Fills the parameters and their momentum from the file.
   *
   * @param parameters of the same network
   * @return where the training stood, as {@link #write} was told; empty if there is no file, or one
   *     of another training: the parameters are untouched then
   * @throws WeightsException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public Optional<Map<String, String>> restore(Parameters parameters) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    SafeTensorsReader.Content content = SafeTensorsReader.read(file);
    Map<String, String> metadata = content.metadata();
    boolean same =
        FORMAT.equals(metadata.get(FORMAT_KEY))
            && identity.entrySet().stream()
                .allMatch(text -> text.getValue().equals(metadata.get(text.getKey())));
    if (!same) {
      return Optional.empty();
    }
    SequencedMap<String, Tensor> tensors = tensors(parameters);
    if (!tensors.keySet().equals(content.tensors().keySet())) {
      throw new WeightsException(file + ": expected the network's tensors, found others");
    }
    tensors.forEach((name, tensor) -> check(name, tensor, content.tensors()));
    tensors.forEach(
        (name, tensor) -> {
          Numbers numbers = content.tensors().get(name);
          if (numbers != null) {
            parameters.put(tensor, numbers.values());
          }
        });
    return Optional.of(metadata);
  }

  private void check(String name, Tensor tensor, Map<String, Numbers> found) {
    Numbers numbers = found.get(name);
    if (numbers == null || !Arrays.equals(numbers.shape(), tensor.shape())) {
      throw new WeightsException(
          "%s: %s: expected %s".formatted(file, name, Arrays.toString(tensor.shape())));
    }
  }

  /**
   * Writes the file anew.
   *
   * @param parameters with their momentum
   * @param position where the training stands
   * @throws IOException if it cannot be written; the earlier file stays
   */
  public void write(Parameters parameters, Map<String, String> position) throws IOException {
    var metadata = new TreeMap<>(position);
    metadata.putAll(identity);
    metadata.put(FORMAT_KEY, FORMAT);
    SequencedMap<String, Stored> stored = new LinkedHashMap<>();
    tensors(parameters).forEach((name, tensor) -> stored.put(name, Stored.of(tensor)));
    SafeTensors.write(file, stored, metadata);
  }

  /**
   * Deletes the file, if it is there.
   *
   * @throws IOException if it cannot be deleted
   */
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  private static SequencedMap<String, Tensor> tensors(Parameters parameters) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.all().forEach((name, tensor) -> tensors.put(WEIGHT + name, tensor));
    parameters.momentum().forEach((name, tensor) -> tensors.put(MOMENTUM + name, tensor));
    return tensors;
  }
}
