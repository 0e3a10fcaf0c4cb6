package dev.autoloss.operator.ledger;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A link of the chain.
 *
 * @param index from 1, without gaps
 * @param previous digest of the segment before; empty for the first
 * @param digest SHA-256 over search, index, previous and events
 * @param payload the events: lines of JSON, compressed by gzip, as Base64
 */
record Segment(int index, String previous, String digest, String payload) {
  /** Version of the format; the only one so far. */
  static final int VERSION = 1;

  /** A hostile or broken payload must not fill the memory. */
  private static final int MOST_BYTES = 64 << 20;

  static Segment of(String searchUid, int index, String previous, List<String> lines) {
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return new Segment(index, previous, digest(searchUid, index, previous, text), compress(text));
  }

  /** Reads the events and checks the digest. */
  List<String> lines(String searchUid) throws DamagedLedgerException {
    byte[] text = decompress();
    if (!digest(searchUid, index, previous, text).equals(digest)) {
      throw new DamagedLedgerException(
          "segment " + index + ": its digest does not fit its content");
    }
    return new String(text, StandardCharsets.UTF_8).lines().toList();
  }

  private static String digest(String searchUid, int index, String previous, byte[] text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      String head =
          "autoloss-ledger-v" + VERSION + "\n" + searchUid + "\n" + index + "\n" + previous + "\n";
      sha.update(head.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String compress(byte[] text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private byte[] decompress() throws DamagedLedgerException {
    try (var gzip =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(payload)))) {
      byte[] text = gzip.readNBytes(MOST_BYTES);
      if (gzip.read() >= 0) {
        throw new DamagedLedgerException(
            "segment " + index + ": more than " + MOST_BYTES + " bytes");
      }
      return text;
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new DamagedLedgerException(
          "segment " + index + ": events are unreadable: " + unreadable.getMessage());
    }
  }
}
