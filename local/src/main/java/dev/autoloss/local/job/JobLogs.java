package dev.autoloss.local.job;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** The logs of the pods that a {@link JobRunner} runs. */
public final class JobLogs {
  private static final int MOST_BYTES = 64 * 1024;

  private final Map<String, Path> files = new ConcurrentHashMap<>();

  /** Knows of no pod yet. */
  public JobLogs() {}

  void add(String namespace, String pod, Path file) {
    files.put(namespace + "/" + pod, file);
  }

  /**
   * Reads the end of a log.
   *
   * @param namespace namespace of the pod
   * @param pod its name
   * @param lines last lines that are wanted; empty for all
   * @return UTF-8 text, at most 64 KiB, whole lines; empty if there is no log of that pod
   */
  public Optional<byte[]> tail(String namespace, String pod, OptionalInt lines) {
    Path path = files.get(namespace + "/" + pod);
    if (path == null) {
      return Optional.empty();
    }
    try (var file = new RandomAccessFile(path.toFile(), "r")) {
      long from = Math.max(0, file.length() - MOST_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      return Optional.of(last(bytes, from > 0, lines.orElse(Integer.MAX_VALUE)));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static byte[] last(byte[] bytes, boolean cut, int lines) {
    int start = bytes.length;
    int found = 0;
    for (int i = bytes.length - 2; i >= 0 && found < lines; i--) {
      if (bytes[i] == '\n') {
        found++;
        start = i + 1;
      }
    }
    // The first line of a file has no line end before it.
    boolean all = found < lines && !cut;
    return Arrays.copyOfRange(bytes, all ? 0 : start, bytes.length);
  }
}
