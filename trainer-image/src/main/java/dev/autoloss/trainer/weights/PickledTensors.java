package dev.autoloss.trainer.weights;

import dev.autoloss.trainer.weights.Pickle.Dictionary;
import dev.autoloss.trainer.weights.Pickle.Storage;
import dev.autoloss.trainer.weights.Pickle.Tensor;
import dev.autoloss.trainer.weights.Pickle.Value;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads the tensors of a file that {@code torch.save} wrote (since PyTorch 1.6: a zip of a pickle
 * and the numbers): a dictionary of tensors, or one below {@code state_dict} or {@code model}.
 */
final class PickledTensors {
  private static final String PICKLE = "data.pkl";
  private static final long MOST_PICKLE = 1 << 26;

  /** Numbers of a tensor, and of a storage: as many as an array of bytes can hold of them. */
  private static final long MOST = Integer.MAX_VALUE / Long.BYTES;

  private static final int MOST_DIMENSIONS = 16;

  private final Path file;
  private final ZipFile zip;
  private final String prefix;
  private final Map<String, ByteBuffer> storages = new HashMap<>();

  private PickledTensors(Path file, ZipFile zip, String prefix) {
    this.file = file;
    this.zip = zip;
    this.prefix = prefix;
  }

  /**
   * Reads a file.
   *
   * @throws WeightsException if it is none of the kind
   * @throws IOException if it cannot be read
   */
  static SequencedMap<String, Numbers> read(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<String> pickles =
          zip.stream().map(ZipEntry::getName).filter(name -> name.endsWith("/" + PICKLE)).toList();
      if (pickles.size() != 1) {
        throw new WeightsException(
            file + ": expected one data.pkl in the archive, found " + pickles.size());
      }
      String pickle = pickles.getFirst();
      String prefix = pickle.substring(0, pickle.length() - PICKLE.length());
      return new PickledTensors(file, zip, prefix).tensors();
    } catch (ZipException | EOFException damaged) {
      throw new WeightsException(
          file + ": expected a whole archive, but it is damaged: " + damaged.getMessage());
    }
  }

  private SequencedMap<String, Numbers> tensors() throws IOException {
    Value top = Pickle.read(file.toString(), bytes(PICKLE, MOST_PICKLE));
    SequencedMap<String, Numbers> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Value> entry : dictionary(top).entries().entrySet()) {
      if (entry.getValue() instanceof Tensor tensor) {
        tensors.put(entry.getKey(), numbers(entry.getKey(), tensor));
      }
    }
    if (tensors.isEmpty()) {
      throw new WeightsException(file + ": expected a dictionary of tensors, found none");
    }
    return tensors;
  }

  private Dictionary dictionary(Value top) {
    if (top instanceof Dictionary whole) {
      for (String key : List.of("state_dict", "model")) {
        if (whole.entries().get(key) instanceof Dictionary inner) {
          return inner;
        }
      }
      return whole;
    }
    throw new WeightsException(file + ": expected a dictionary of tensors, found none");
  }

  private Numbers numbers(String name, Tensor tensor) throws IOException {
    Storage storage = tensor.storage();
    int count = count(name, tensor);
    if (tensor.offset() < 0 || (count > 0 && last(tensor) >= storage.count())) {
      throw wrong(name);
    }
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    float[] values = new float[count];
    ByteBuffer bytes = storage(storage);
    long[] index = new long[shape.length];
    long at = tensor.offset();
    for (int i = 0; i < count; i++) {
      values[i] = storage.type().at(bytes, (int) at * storage.type().bytes());
      for (int d = shape.length - 1; d >= 0; d--) {
        at += tensor.strides().get(d);
        if (++index[d] < shape[d]) {
          break;
        }
        at -= index[d] * tensor.strides().get(d);
        index[d] = 0;
      }
    }
    return new Numbers(shape, values);
  }

  private int count(String name, Tensor tensor) {
    int dimensions = tensor.shape().size();
    boolean signs = tensor.strides().stream().allMatch(stride -> 0 <= stride && stride < MOST);
    if (dimensions > MOST_DIMENSIONS || tensor.strides().size() != dimensions || !signs) {
      throw wrong(name);
    }
    long count = 1;
    for (long size : tensor.shape()) {
      if (size < 0 || (size > 0 && count > MOST / size)) {
        throw wrong(name);
      }
      count *= size;
    }
    return (int) count;
  }

  /** Position of a tensor's last number in its storage. */
  private static long last(Tensor tensor) {
    long last = tensor.offset();
    for (int i = 0; i < tensor.shape().size(); i++) {
      last += (tensor.shape().get(i) - 1) * tensor.strides().get(i);
    }
    return last;
  }

  private WeightsException wrong(String name) {
    return new WeightsException(
        "%s: %s: expected a tensor inside of its storage".formatted(file, name));
  }

  private ByteBuffer storage(Storage storage) throws IOException {
    ByteBuffer known = storages.get(storage.key());
    if (known == null) {
      known =
          ByteBuffer.wrap(bytes("data/" + storage.key(), Integer.MAX_VALUE - 8L))
              .order(ByteOrder.LITTLE_ENDIAN);
      storages.put(storage.key(), known);
    }
    if (storage.count() > MOST || known.limit() < storage.count() * storage.type().bytes()) {
      throw new WeightsException(
          "%s: data/%s: expected %d numbers, found fewer"
              .formatted(file, storage.key(), storage.count()));
    }
    return known;
  }

  /** An entry's bytes, no more than the archive's own file has: nothing is inflated beyond it. */
  private byte[] bytes(String name, long most) throws IOException {
    ZipEntry entry = zip.getEntry(prefix + name);
    if (entry == null) {
      throw new WeightsException("%s: expected %s in the archive".formatted(file, name));
    }
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > most) {
      throw new WeightsException(
          "%s: %s: expected at most %d bytes, not compressed".formatted(file, name, most));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
