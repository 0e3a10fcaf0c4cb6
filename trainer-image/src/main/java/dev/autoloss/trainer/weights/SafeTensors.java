package dev.autoloss.trainer.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/**
 * Writes single-precision tensors as safetensors: length of the header, the header as JSON, then
 * the numbers, all little-endian.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
final class SafeTensors {
  private static final int ALIGNMENT = 8;

  private SafeTensors() {}

  /**
   * Writes a file beside the wanted one, forces it to the disk and renames it: a crash leaves the
   * old file or the new one.
   *
   * @param file to write or replace
   * @param tensors by name, in the order of the file
   * @param metadata texts of the header
   * @throws IOException if it cannot be written
   */
  static void write(Path file, SequencedMap<String, Stored> tensors, Map<String, String> metadata)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    // Always the same name: what a killed writer left is overwritten, not collected.
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (FileChannel channel = open(part)) {
        put(channel, header(tensors, metadata));
        for (Stored tensor : tensors.values()) {
          float[] values = tensor.values().get();
          ByteBuffer bytes = littleEndian(Float.BYTES * values.length);
          bytes.asFloatBuffer().put(values);
          put(channel, bytes);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      Files.deleteIfExists(part);
      throw new IOException(file + ": " + reason(failed), failed);
    }
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static FileChannel open(Path part) throws IOException {
    return FileChannel.open(
        part,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** A file system's exception names files in its message, and says little else if it has none. */
  private static String reason(IOException failed) {
    return failed instanceof FileSystemException system
        ? Objects.requireNonNullElse(system.getReason(), system.getClass().getSimpleName())
        : String.valueOf(failed.getMessage());
  }

  private static ByteBuffer header(
      SequencedMap<String, Stored> tensors, Map<String, String> metadata) throws IOException {
    var mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    metadata.forEach(root.putObject("__metadata__")::put);
    long offset = 0;
    for (Map.Entry<String, Stored> entry : tensors.entrySet()) {
      long[] shape = entry.getValue().shape();
      long end = offset + Float.BYTES * LongStream.of(shape).reduce(1, Math::multiplyExact);
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", "F32");
      LongStream.of(shape).forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = mapper.writeValueAsString(root);
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    int padded = Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer bytes = littleEndian(Long.BYTES + padded);
    bytes.putLong(padded);
    bytes.put((json + " ".repeat(padded - length)).getBytes(StandardCharsets.UTF_8));
    return bytes.flip();
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void put(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
