package dev.autoloss.local.command;

import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.document.Document;
import dev.autoloss.local.job.JobOptions;
import dev.autoloss.local.run.LocalRun;
import dev.autoloss.local.run.RunEnd;
import dev.autoloss.local.run.RunException;
import dev.autoloss.local.run.RunOptions;
import dev.autoloss.local.run.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a resource on this machine, to its end. */
@Command(
    name = "run",
    description = {
      "Runs a LossSearch or a DetectorTraining on this machine: the operator and an API server in"
          + " this process, each trainer as a process of its own, on CPU.",
      "It ends with the table of the best losses against the baseline. Stop it with Ctrl-C; the"
          + " same command goes on where it was stopped."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the search is complete, or the training scored",
      "1:failed",
      "2:wrong usage, document or data",
      "130:stopped; the same command goes on"
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "YAML file with one LossSearch or DetectorTraining.")
  private Path file = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that takes the place of the document's volume; shapes need none.")
  private @Nullable Path data;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Folder for everything that is written; .autoloss/NAME if left out.")
  private @Nullable Path work;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Most trainers at once; as many as the cores allow if left out.")
  private @Nullable Integer parallel;

  @Option(names = "--plain", description = "A line for each event, also on a terminal.")
  private boolean plain;

  @Option(names = "--json", description = "A JSON object for each event.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (plain && json) {
      throw new InputException("expected --plain or --json, found both");
    }
    if (parallel != null && parallel < 1) {
      throw new InputException("--parallel: expected at least 1, found " + parallel);
    }
    Document document = Documents.read(file);
    Optional<Path> folder = DataFolder.check(dataset(document), data, document.places());
    Path place = (work == null ? Path.of(".autoloss", name(document)) : work).toAbsolutePath();
    if (Files.exists(place) && !Files.isDirectory(place)) {
      throw new InputException("--work " + place + ": expected a folder, it is a file");
    }
    var jobs =
        new JobOptions(
            TrainerProgram.command(),
            RunOptions.trials(place.normalize()),
            folder,
            Runtime.getRuntime().availableProcessors(),
            parallel == null ? OptionalInt.empty() : OptionalInt.of(parallel));
    logTo(place.normalize());
    if (accelerator(document).count() > 0) {
      System.err.println("note: trains on CPU: no accelerator is used on one machine");
    }
    var options = new RunOptions(place.normalize(), jobs, view());
    return run(new LocalRun(document, options), options.work());
  }

  private static int run(LocalRun run, Path work) throws IOException {
    try (var interruption = Interruption.ofThisThread()) {
      try {
        RunEnd end = run.run();
        if (!end.message().isEmpty()) {
          // A failed search stays failed: its ledger says so.
          System.err.printf(
              "error: %s (to begin anew, delete %s or give another --work)%n", end.message(), work);
        }
        return end.exitCode();
      } catch (RunException cant) {
        if (cant.users()) {
          throw new InputException(String.valueOf(cant.getMessage()));
        }
        throw new IOException(cant.getMessage(), cant);
      } catch (InterruptedException stopped) {
        return Interruption.EXIT_CODE;
      } catch (IOException | RuntimeException failure) {
        // A library that was interrupted while it started says so in its own way.
        if (interruption.isAsked()) {
          return Interruption.EXIT_CODE;
        }
        throw failure;
      }
    }
  }

  private RunOptions.ViewKind view() {
    if (json) {
      return RunOptions.ViewKind.JSON;
    }
    return plain || !Terminal.isThere() ? RunOptions.ViewKind.PLAIN : RunOptions.ViewKind.LIVE;
  }

  /** Logs of the libraries go to a file: the terminal is for the user. */
  private static void logTo(Path place) throws IOException {
    Files.createDirectories(place);
    System.setProperty("org.slf4j.simpleLogger.logFile", place.resolve("operator.log").toString());
    System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
    System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSZ");
  }

  private static Dataset dataset(Document document) {
    return switch (document) {
      case Document.Search search ->
          Objects.requireNonNull(search.resource().getSpec(), "spec").dataset();
      case Document.Training training ->
          Objects.requireNonNull(training.resource().getSpec(), "spec").dataset();
    };
  }

  private static Accelerator accelerator(Document document) {
    return switch (document) {
      case Document.Search search ->
          Objects.requireNonNull(search.resource().getSpec(), "spec").training().accelerator();
      case Document.Training training ->
          Objects.requireNonNull(training.resource().getSpec(), "spec").accelerator();
    };
  }

  private static String name(Document document) {
    return switch (document) {
      case Document.Search search -> search.resource().getMetadata().getName();
      case Document.Training training -> training.resource().getMetadata().getName();
    };
  }
}
