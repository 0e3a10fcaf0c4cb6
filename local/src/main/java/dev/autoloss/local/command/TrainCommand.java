package dev.autoloss.local.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.api.document.Document;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains once, without the operator. */
@Command(
    name = "train",
    description =
        "Trains the detector of a DetectorTraining once, by the trainer alone. Prints its JSON"
            + " lines: progress, then the result.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:scored",
      "1:failed",
      "2:wrong document or data",
      "10:diverged",
      "11:rejected",
      "22:memory is too small",
      "143:stopped"
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "YAML file with one DetectorTraining.")
  private Path file = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that takes the place of the document's volume.")
  private @Nullable Path data;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Folder for result, checkpoint and log; .autoloss/NAME-train if left out.")
  private @Nullable Path work;

  @Override
  public Integer call() throws Exception {
    Document document = Documents.read(file);
    if (!(document instanceof Document.Training(DetectorTraining training, var places))) {
      throw new InputException(file + ": expected a DetectorTraining; run takes a LossSearch");
    }
    DetectorTrainingSpec spec = Objects.requireNonNull(training.getSpec(), "spec");
    Optional<Path> folder = DataFolder.check(spec.dataset(), data, places);
    String name = training.getMetadata().getName();
    Path place = work == null ? Path.of(".autoloss", name + "-train") : work;
    var arguments = new ArrayList<>(List.of("train", "--work", place.toString()));
    folder.ifPresent(path -> arguments.addAll(List.of("--data", path.toString())));
    arguments.add("--command-line-codes");
    if (spec.accelerator().count() > 0) {
      System.err.println("note: trains on CPU: no accelerator is used on one machine");
      arguments.add("--cpu");
    }
    int code = TrainerProgram.run(arguments, Map.of(TrainingDocument.VARIABLE, json(name, spec)));
    return code == 20 || code == 21 ? 2 : code;
  }

  private static String json(String name, DetectorTrainingSpec spec)
      throws JsonProcessingException {
    return new ObjectMapper()
        .writeValueAsString(new TrainingDocument(name, SpecHash.of(spec), spec));
  }
}
