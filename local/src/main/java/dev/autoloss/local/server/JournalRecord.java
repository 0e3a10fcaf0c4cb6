package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One committed write: a line of the journal, {@code CRC32C-in-hex SPACE JSON}.
 *
 * @param revision the write's resourceVersion
 * @param key which object
 * @param object the object after the write; empty when it was removed
 */
record JournalRecord(long revision, ObjectKey key, Optional<ObjectNode> object) {

  byte[] line() {
    ObjectNode node = Json.object().put("revision", revision);
    node.putArray("key").add(key.group()).add(key.plural()).add(key.namespace()).add(key.name());
    object.ifPresent(o -> node.set("object", o));
    return line(node);
  }

  static byte[] line(JsonNode node) {
    byte[] json = Json.bytes(node);
    byte[] line = new byte[json.length + 10];
    byte[] sum =
        String.format("%08x ", checksum(json, 0, json.length)).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(sum, 0, line, 0, 9);
    System.arraycopy(json, 0, line, 9, json.length);
    line[line.length - 1] = '\n';
    return line;
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }

  /** The document of a line without its line feed; empty when the checksum does not fit. */
  static Optional<JsonNode> document(byte[] line) {
    if (line.length < 10 || line[8] != ' ') {
      return Optional.empty();
    }
    String sum = String.format("%08x", checksum(line, 9, line.length - 9));
    if (!sum.equals(new String(line, 0, 8, StandardCharsets.US_ASCII))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readTree(line, 9, line.length - 9));
    } catch (IOException e) {
      return Optional.empty();
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
