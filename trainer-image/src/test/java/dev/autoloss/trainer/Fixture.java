package dev.autoloss.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Numbers of other programs: safetensors and JSON from the folder {@code AUTOLOSS_FIXTURES} where
 * that is set, else from the test resources.
 */
public final class Fixture {
  private final Map<String, Entry> entries;

  /** A tensor of a file: single-precision or integer numbers, truth values as 0 and 1. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Entry(long[] shape, float[] floats, long[] longs) {}

  private Fixture(Map<String, Entry> entries) {
    this.entries = entries;
  }

  public static Fixture read(String name) {
    return parse(bytes(name + ".safetensors"));
  }

  public static Fixture parse(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    int start = Long.BYTES + length;
    Map<String, Entry> entries = new TreeMap<>();
    try {
      JsonNode header =
          new ObjectMapper().readTree(new String(file, Long.BYTES, length, StandardCharsets.UTF_8));
      header
          .properties()
          .forEach(
              property -> {
                if (!property.getKey().equals("__metadata__")) {
                  entries.put(property.getKey(), entry(property.getValue(), bytes, start));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Fixture(entries);
  }

  private static Entry entry(JsonNode node, ByteBuffer bytes, int start) {
    long[] shape = new long[node.get("shape").size()];
    int count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.get("shape").get(i).asLong();
      count *= (int) shape[i];
    }
    int at = start + node.get("data_offsets").get(0).asInt();
    float[] floats = new float[count];
    long[] longs = new long[count];
    String type = node.get("dtype").asText();
    for (int i = 0; i < count; i++) {
      switch (type) {
        case "F32" -> floats[i] = bytes.getFloat(at + Float.BYTES * i);
        case "I64" -> longs[i] = bytes.getLong(at + Long.BYTES * i);
        case "U8", "BOOL" -> longs[i] = bytes.get(at + i) & 0xff;
        default -> throw new IllegalArgumentException(type);
      }
    }
    return new Entry(shape, floats, longs);
  }

  public static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(bytes(name + ".json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a file of tensors into a folder, for what reads files. */
  public static Path copy(String name, Path folder) {
    try {
      return Files.write(folder.resolve(name + ".safetensors"), bytes(name + ".safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String file) {
    String folder = System.getenv("AUTOLOSS_FIXTURES");
    try {
      if (folder != null) {
        return Files.readAllBytes(Path.of(folder, file));
      }
      try (InputStream in = Fixture.class.getResourceAsStream("/fixtures/" + file)) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Entry get(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no " + name + " among " + entries.keySet());
    }
    return entry;
  }

  public float[] floats(String name) {
    return get(name).floats();
  }

  public long[] longs(String name) {
    return get(name).longs();
  }

  public Set<String> names() {
    return entries.keySet();
  }
}
