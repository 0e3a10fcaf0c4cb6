package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One committed write: a line of the journal, {@code CRC32C SPACE LENGTH SPACE JSON}, both numbers
 * with 8 hexadecimal digits.
 *
 * @param revision the write's resourceVersion
 * @param key which object
 * @param object the object after the write; empty when it was removed
 */
record JournalRecord(long revision, ObjectKey key, Optional<ObjectNode> object) {
  private static final int HEAD = 18;

  byte[] line() {
    ObjectNode node = Json.object().put("revision", revision);
    node.putArray("key").add(key.group()).add(key.plural()).add(key.namespace()).add(key.name());
    object.ifPresent(o -> node.set("object", o));
    return line(node);
  }

  static byte[] line(JsonNode node) {
    byte[] json = Json.bytes(node);
    byte[] head = head(json, 0, json.length).getBytes(StandardCharsets.US_ASCII);
    byte[] line = new byte[HEAD + json.length + 1];
    System.arraycopy(head, 0, line, 0, HEAD);
    System.arraycopy(json, 0, line, HEAD, json.length);
    line[line.length - 1] = '\n';
    return line;
  }

  private static String head(byte[] bytes, int from, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, length);
    return String.format("%08x %08x ", sum.getValue(), length);
  }

  private static boolean startsWithRecord(byte[] line, int length) {
    return length >= 0
        && HEAD + length <= line.length
        && head(line, HEAD, length).equals(new String(line, 0, HEAD, StandardCharsets.US_ASCII));
  }

  /** The document of a line without its line feed; empty when the line is not as it was written. */
  static Optional<JsonNode> document(byte[] line) {
    if (!startsWithRecord(line, line.length - HEAD)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readTree(line, HEAD, line.length - HEAD));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether a line begins with a whole record and goes on: a line feed that was there is gone. */
  static boolean runsOn(byte[] line) {
    if (line.length <= HEAD) {
      return false;
    }
    try {
      int length = HexFormat.fromHexDigits(new String(line, 9, 8, StandardCharsets.US_ASCII));
      return HEAD + length < line.length && startsWithRecord(line, length);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static JournalRecord of(JsonNode node) {
    JsonNode key = node.path("key");
    return new JournalRecord(
        node.path("revision").asLong(),
        new ObjectKey(
            key.path(0).asText(), key.path(1).asText(), key.path(2).asText(), key.path(3).asText()),
        node.path("object") instanceof ObjectNode object ? Optional.of(object) : Optional.empty());
  }
}
