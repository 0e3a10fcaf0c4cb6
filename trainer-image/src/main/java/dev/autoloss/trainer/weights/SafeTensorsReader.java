package dev.autoloss.trainer.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Reads safetensors: every number that the header gives is checked against the file before memory
 * is taken for it.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
final class SafeTensorsReader {
  private static final long MOST_HEADER = 100_000_000;

  private final Path file;
  private final FileChannel channel;

  private SafeTensorsReader(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * What a file holds.
   *
   * @param tensors by name, in the header's order
   * @param metadata texts of the header
   */
  record Content(SequencedMap<String, Numbers> tensors, Map<String, String> metadata) {}

  /**
   * Reads a file.
   *
   * @throws WeightsException if it is no safetensors file
   * @throws IOException if it cannot be read
   */
  static Content read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new SafeTensorsReader(file, channel).read();
    }
  }

  private Content read() throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw wrong("expected at least 8 bytes, but there are " + size);
    }
    long length = bytes(0, Long.BYTES).getLong(0);
    if (length < 2 || length > MOST_HEADER || length > size - Long.BYTES) {
      throw wrong("expected a header that fits the file, but its length is " + length);
    }
    byte[] json = new byte[(int) length];
    bytes(Long.BYTES, (int) length).get(json);
    JsonNode header = parse(json);
    long start = Long.BYTES + length;
    SequencedMap<String, Numbers> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        entry
            .getValue()
            .properties()
            .forEach(text -> metadata.put(text.getKey(), text.getValue().asText()));
      } else {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), start, size));
      }
    }
    return new Content(tensors, metadata);
  }

  private JsonNode parse(byte[] json) {
    try {
      JsonNode header = new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8));
      if (header.isObject()) {
        return header;
      }
    } catch (JsonProcessingException _) {
      // Said below.
    }
    throw wrong("expected a JSON object as header");
  }

  private Numbers tensor(String name, JsonNode node, long start, long size) throws IOException {
    ElementType type =
        ElementType.ofSafetensors(node.path("dtype").asText())
            .orElseThrow(
                () ->
                    wrong(
                        "%s: expected numbers of type F32, F64, F16, BF16 or I64, found %s"
                            .formatted(name, node.path("dtype"))));
    long[] shape = new long[node.path("shape").size()];
    long count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.path("shape").get(i).asLong(-1);
      if (shape[i] < 0 || (shape[i] > 0 && count > Integer.MAX_VALUE / shape[i])) {
        throw wrong(name + ": shape: expected fewer than 2³¹ numbers, found " + node.path("shape"));
      }
      count *= shape[i];
    }
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end > size - start || end - begin != count * type.bytes()) {
      throw wrong(
          "%s: data_offsets: expected %d bytes inside of the file, found %s"
              .formatted(name, count * type.bytes(), node.path("data_offsets")));
    }
    return new Numbers(shape, numbers(type, start + begin, (int) count));
  }

  private float[] numbers(ElementType type, long position, int count) throws IOException {
    float[] values = new float[count];
    int chunk = 1 << 18;
    for (int from = 0; from < count; from += chunk) {
      int length = Math.min(chunk, count - from);
      ByteBuffer bytes = bytes(position + (long) from * type.bytes(), length * type.bytes());
      for (int i = 0; i < length; i++) {
        values[from + i] = type.at(bytes, i * type.bytes());
      }
    }
    return values;
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw wrong("expected more bytes, the file ends");
      }
    }
    return bytes.flip();
  }

  private WeightsException wrong(String what) {
    return new WeightsException(file + ": " + what);
  }
}
