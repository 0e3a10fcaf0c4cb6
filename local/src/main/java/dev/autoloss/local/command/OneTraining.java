package dev.autoloss.local.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ExitCode;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trainings by the trainer alone, one at a time, each in a folder of its own. */
final class OneTraining {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Optional<Path> data;

  /** Trains on data in a folder, or on generated data. */
  OneTraining(Optional<Path> data) {
    this.data = data;
  }

  /**
   * Starts a training.
   *
   * @param folder gets result, checkpoint and logs; a result that is there for this spec is taken
   * @param out gets the trainer's JSON lines
   */
  Process start(String name, DetectorTrainingSpec spec, Path folder, ProcessBuilder.Redirect out)
      throws IOException {
    Files.createDirectories(folder);
    Files.deleteIfExists(message(folder));
    var arguments = new ArrayList<>(List.of("train", "--work", folder.toString()));
    arguments.addAll(List.of("--message", message(folder).toString()));
    data.ifPresent(path -> arguments.addAll(List.of("--data", path.toString())));
    if (spec.accelerator().count() > 0) {
      arguments.add("--cpu");
    }
    var document = new TrainingDocument(name, SpecHash.of(spec), spec);
    return TrainerProgram.start(
        arguments, Map.of(TrainingDocument.VARIABLE, MAPPER.writeValueAsString(document)), out);
  }

  /**
   * Trains to the end.
   *
   * @throws InputException if the document or the data is wrong
   * @throws IOException if there is no result for another reason, in one line
   */
  TrialResult result(String name, DetectorTrainingSpec spec, Path folder)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Process trainer =
        start(name, spec, folder, ProcessBuilder.Redirect.to(folder.resolve("log.txt").toFile()));
    int code;
    try {
      code = trainer.waitFor();
    } catch (InterruptedException stopped) {
      trainer.destroy();
      throw stopped;
    }
    requireResult(name, code, folder);
    return MAPPER.readValue(folder.resolve("result.json").toFile(), TrialResult.class);
  }

  /** Says in one line why a trainer has ended without a result. */
  static void requireResult(String name, int code, Path folder) throws IOException {
    if (code == ExitCode.RESULT.code()) {
      return;
    }
    String said =
        Files.isRegularFile(message(folder))
            ? Files.readString(message(folder)).lines().findFirst().orElse("")
            : "";
    String line = name + ": " + (said.isEmpty() ? "the trainer ended with " + code : said);
    if (code == 20 || code == 21) {
      throw new InputException(line);
    }
    throw new IOException(line);
  }

  private static Path message(Path folder) {
    return folder.resolve("message");
  }
}
