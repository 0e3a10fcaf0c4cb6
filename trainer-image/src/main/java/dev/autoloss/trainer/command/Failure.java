package dev.autoloss.trainer.command;

import dev.autoloss.api.ExitCode;
import dev.autoloss.trainer.data.DataException;
import dev.autoloss.trainer.fit.DocumentException;
import dev.autoloss.trainer.weights.WeightsException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** What a failure means: the exit code and the one line that its owner reads. */
record Failure(int exitCode, String line) {
  /** The code of what is the trainer's fault or the machine's. */
  private static final int OTHER = 1;

  /** Judges what was thrown. */
  static Failure of(Throwable thrown) {
    if (isOutOfMemory(thrown)) {
      return new Failure(
          ExitCode.MEMORY.code(), "out of memory: " + describe(thrown) + "; see trainer.log");
    }
    return switch (thrown) {
      case DocumentException wrong -> new Failure(ExitCode.DOCUMENT.code(), describe(wrong));
      case DataException wrong -> new Failure(ExitCode.DATA.code(), describe(wrong));
      case WeightsException wrong -> new Failure(ExitCode.DATA.code(), describe(wrong));
      case AcceleratorException missing -> new Failure(OTHER, describe(missing));
      case IOException unwritten -> new Failure(OTHER, describe(unwritten));
      default ->
          new Failure(
              OTHER,
              "internal error: %s: %s; see trainer.log"
                  .formatted(thrown.getClass().getSimpleName(), describe(thrown)));
    };
  }

  /** One line of what was thrown, without its class where the message says enough. */
  static String describe(Throwable thrown) {
    String own = thrown.getMessage();
    String message = own == null ? thrown.getClass().getSimpleName() : firstLine(own);
    return switch (thrown) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileSystemException failed when failed.getReason() == null ->
          failed.getFile() + ": " + failed.getClass().getSimpleName();
      default -> message;
    };
  }

  private static String firstLine(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }

  /** The heap's own error, or the message of an allocator below it. */
  private static boolean isOutOfMemory(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (cause instanceof OutOfMemoryError
          || message.contains("out of memory")
          || message.contains("can't allocate memory")
          || message.contains("not enough memory")) {
        return true;
      }
    }
    return false;
  }
}
