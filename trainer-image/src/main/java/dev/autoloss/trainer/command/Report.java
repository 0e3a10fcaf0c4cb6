package dev.autoloss.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the trainer tells others: JSON lines on stdout, and its last word in the message file, which
 * is a pod's termination message.
 */
final class Report {
  /** Bytes of a message. */
  private static final int MESSAGE_LIMIT = 1024;

  private final PrintStream out;
  private final Optional<Path> messageFile;
  private final ObjectMapper mapper;

  Report(PrintStream out, Optional<Path> messageFile, ObjectMapper mapper) {
    this.out = out;
    this.messageFile = messageFile;
    this.mapper = mapper;
  }

  void progress(Progress progress) {
    print("progress", progress);
  }

  /** Writes the result to the message file, then to stdout. */
  void result(TrialResult result) throws IOException {
    writeMessage(json(result));
    print("result", result);
  }

  private byte[] json(TrialResult result) throws JsonProcessingException {
    byte[] json = mapper.writeValueAsBytes(result);
    if (json.length <= MESSAGE_LIMIT) {
      return json;
    }
    String message = String.valueOf(result.message());
    // An escaped character takes at most six bytes.
    int kept = Math.max(0, message.length() - (json.length - MESSAGE_LIMIT + 3));
    return mapper.writeValueAsBytes(withMessage(result, message.substring(0, kept) + "…"));
  }

  private static TrialResult withMessage(TrialResult result, @Nullable String message) {
    return new TrialResult(
        result.outcome(),
        result.specHash(),
        result.seed(),
        result.dataDigest(),
        result.metrics(),
        result.seconds(),
        result.device(),
        message);
  }

  /** Writes the line of a failure, as much of it as a message holds. */
  void failure(String line) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MESSAGE_LIMIT);
    // A cut inside of a character goes back to its start.
    while (length < bytes.length && length > 0 && (bytes[length] & 0xc0) == 0x80) {
      length--;
    }
    writeMessage(Arrays.copyOf(bytes, length));
  }

  private void writeMessage(byte[] bytes) throws IOException {
    if (messageFile.isPresent()) {
      try {
        Files.write(messageFile.get(), bytes);
      } catch (IOException failed) {
        throw new IOException(messageFile.get() + ": " + Failure.describe(failed), failed);
      }
    }
  }

  private void print(String kind, Object value) {
    try {
      out.println(mapper.writeValueAsString(Map.of(kind, value)));
      out.flush();
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
