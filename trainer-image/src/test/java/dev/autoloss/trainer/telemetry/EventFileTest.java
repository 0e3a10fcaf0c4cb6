package dev.autoloss.trainer.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Outcome;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.250Z"));

  @TempDir private Path folder;

  private static Progress progress(int step, double loss) {
    return new Progress(1, 2, step, 400, loss, .5, -.25, .125, 10);
  }

  private byte[] only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size());
      assertTrue(all.getFirst().getFileName().toString().contains("tfevents"));
      return Files.readAllBytes(all.getFirst());
    }
  }

  /** Bit by bit, from the polynomial of RFC 3720, with the mask of TensorFlow's crc32c.h. */
  private static int maskedChecksum(byte[] bytes) {
    int crc = -1;
    for (byte one : bytes) {
      crc ^= one & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  private static List<byte[]> records(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(maskedChecksum(length), in.getInt(), "checksum of a length");
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(data);
      assertEquals(maskedChecksum(data), in.getInt(), "checksum of a record");
      records.add(data);
    }
    return records;
  }

  /** Fields of a message of protobuf, by number; the last of each. */
  private static Map<Integer, Object> fields(byte[] message, List<byte[]> repeatedFirst) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Object> fields = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      long key = variable(in);
      int number = (int) (key >>> 3);
      Object value =
          switch ((int) (key & 7)) {
            case 0 -> variable(in);
            case 1 -> in.getDouble();
            case 5 -> in.getFloat();
            case 2 -> {
              byte[] bytes = new byte[(int) variable(in)];
              in.get(bytes);
              yield bytes;
            }
            default -> throw new AssertionError("kind " + (key & 7));
          };
      if (number == 1 && value instanceof byte[] bytes) {
        repeatedFirst.add(bytes);
      }
      fields.put(number, value);
    }
    return fields;
  }

  private static long variable(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static Map<String, Float> scalars(byte[] event) {
    byte[] summary = (byte[]) fields(event, new ArrayList<>()).get(5);
    List<byte[]> values = new ArrayList<>();
    fields(summary, values);
    Map<String, Float> scalars = new LinkedHashMap<>();
    for (byte[] value : values) {
      List<byte[]> tag = new ArrayList<>();
      Map<Integer, Object> parts = fields(value, tag);
      scalars.put(new String(tag.getFirst(), StandardCharsets.UTF_8), (Float) parts.get(2));
    }
    return scalars;
  }

  /** The first bytes of every file that TensorFlow writes: a length of 24 and its checksum. */
  @Test
  void beginsAsTensorFlowsFilesDo() throws IOException {
    EventFile.in(folder, CLOCK).close();
    assertArrayEquals(
        HexFormat.of().parseHex("1800000000000000a37f4b2209"), Arrays.copyOf(only(), 13));
    Map<Integer, Object> first = fields(records(only()).getFirst(), new ArrayList<>());
    assertEquals(1_767_323_045.25, first.get(1));
    assertEquals("brain.Event:2", new String((byte[]) first.get(3), StandardCharsets.UTF_8));
  }

  @Test
  void progressAndResultAreScalarsOfTheirStep() throws IOException {
    try (EventFile file = EventFile.in(folder, CLOCK)) {
      file.progress(progress(3, 1.5));
      file.progress(progress(300, -2.5));
      file.result(new TrialResult(Outcome.DIVERGED, "hash", 1, "digest", null, 12, "CPU", "lost"));
    }
    List<byte[]> records = records(only());
    assertEquals(4, records.size());
    assertEquals(3L, fields(records.get(1), new ArrayList<>()).get(2));
    assertEquals(1.5f, scalars(records.get(1)).get("train/loss"));
    assertEquals(-.25f, scalars(records.get(1)).get("train/regression_loss"));
    assertEquals(300L, fields(records.get(2), new ArrayList<>()).get(2));
    assertEquals(-2.5f, scalars(records.get(2)).get("train/loss"));
    assertEquals(300L, fields(records.get(3), new ArrayList<>()).get(2));
    assertEquals(Map.of("evaluation/seconds", 12f), scalars(records.get(3)));
  }

  @Test
  void whatIsWrittenIsThereBeforeTheEnd() throws IOException {
    try (EventFile file = EventFile.in(folder, CLOCK)) {
      file.progress(progress(1, 1));
      assertEquals(2, records(only()).size());
    }
  }
}
