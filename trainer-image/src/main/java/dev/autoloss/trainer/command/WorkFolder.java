package dev.autoloss.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The folder that outlives an attempt: {@code result.json}, {@code detections.json}, {@code
 * checkpoint.safetensors}, {@code trainer.log}, and until there is a result {@code
 * training.safetensors}. Each file appears whole or not at all.
 */
final class WorkFolder {
  private final Path folder;
  private final ObjectMapper mapper;

  WorkFolder(Path folder, ObjectMapper mapper) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.mapper = mapper;
  }

  Path checkpoint() {
    return folder.resolve("checkpoint.safetensors");
  }

  /** Where a training that is not done yet stands. */
  Path trainingState() {
    return folder.resolve("training.safetensors");
  }

  Path log() {
    return folder.resolve("trainer.log");
  }

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  void write(String name, Content content) throws IOException {
    Path file = folder.resolve(name);
    Path temporary = folder.resolve(name + ".tmp");
    try (FileChannel channel =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        OutputStream out = Channels.newOutputStream(channel)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    } catch (IOException failed) {
      Files.deleteIfExists(temporary);
      throw new IOException(file + ": " + Failure.describe(failed), failed);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  void writeResult(TrialResult result) throws IOException {
    byte[] json = mapper.writeValueAsBytes(result);
    write("result.json", out -> out.write(json));
  }

  /**
   * Finds the result of an earlier attempt.
   *
   * @return empty if there is none, or none of this spec and seed, or it cannot be read
   */
  Optional<TrialResult> earlierResult(String specHash, long seed) {
    Path file = folder.resolve("result.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      TrialResult result = mapper.readValue(file.toFile(), TrialResult.class);
      if (result == null) {
        note(file + " is no result: it is not used");
        return Optional.empty();
      }
      if (!specHash.equals(result.specHash()) || seed != result.seed()) {
        note(file + " is of another training: it is not used");
        return Optional.empty();
      }
      if (isWhole(result)) {
        return Optional.of(result);
      }
      note(file + " is no whole result: it is not used");
    } catch (JsonProcessingException corrupt) {
      note(file + " is no result: it is not used");
    } catch (IOException unreadable) {
      note(file + " cannot be read: it is not used: " + unreadable.getMessage());
    }
    return Optional.empty();
  }

  private static boolean isWhole(TrialResult result) {
    Metrics metrics = result.metrics();
    return switch (result.outcome()) {
      case SCORED, REJECTED ->
          metrics != null && Double.isFinite(metrics.ap()) && metrics.ap() >= 0;
      case DIVERGED -> true;
      case LOST -> false;
      case null -> false;
    };
  }

  /** Appends a line to the log. */
  void note(String line) {
    append(line + "\n");
  }

  /** Appends a failure with all that is known of it to the log. */
  void note(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    append(trace.toString());
  }

  private void append(String text) {
    try {
      Files.writeString(
          log(),
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException full) {
      System.err.println(log() + ": " + Failure.describe(full));
    }
  }
}
