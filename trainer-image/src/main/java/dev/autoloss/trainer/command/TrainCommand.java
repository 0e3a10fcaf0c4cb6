package dev.autoloss.trainer.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Accelerator;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ExitCode;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.api.TrialResult;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.telemetry.EventFile;
import dev.autoloss.trainer.telemetry.MetricsPage;
import dev.autoloss.trainer.telemetry.Watcher;
import dev.autoloss.trainer.telemetry.Watchers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains the detector of a training document and measures it. */
@Command(
    name = "train",
    description = {
      "Trains a detector and measures it.",
      "Writes result.json, detections.json and checkpoint.safetensors; a result that is already"
          + " there is reported again without training. Stdout has one JSON object a line:"
          + " progress, then the result."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a result was reported: Scored, Diverged or Rejected",
      "10:Diverged, with --command-line-codes",
      "11:Rejected, with --command-line-codes",
      "20:the document is wrong",
      "21:the data is wrong",
      "22:memory is too small",
      "143:stopped by a signal or by the end of stdin",
      "1:anything else"
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Root of the data; not needed for generated shapes.")
  private @Nullable Path data;

  @Option(
      names = "--work",
      required = true,
      paramLabel = "DIR",
      description = "Where result, detections, checkpoint and log are written.")
  private Path work = Path.of("");

  @Option(
      names = "--document",
      paramLabel = "FILE",
      description =
          "The training document as JSON, if the environment variable "
              + TrainingDocument.VARIABLE
              + " does not hold it.")
  private @Nullable Path document;

  @Option(
      names = "--message",
      paramLabel = "FILE",
      description = "Gets the result, or the line that says what went wrong; at most 1 KiB.")
  private @Nullable Path message;

  @Option(names = "--end-with-stdin", description = "Stops when stdin is closed.")
  private boolean endWithStdin;

  @Option(
      names = "--command-line-codes",
      description = "Exits with 10 if it diverged and 11 if it was rejected.")
  private boolean commandLineCodes;

  @Option(names = "--cpu", description = "Trains on CPU, whatever the document asks for.")
  private boolean cpu;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "${env:AUTOLOSS_METRICS_PORT}",
      description =
          "Serves /metrics for Prometheus on this port while it trains; also the environment"
              + " variable AUTOLOSS_METRICS_PORT.")
  private @Nullable Integer metricsPort;

  @Option(
      names = "--tensorboard",
      defaultValue = "${env:AUTOLOSS_TENSORBOARD:-false}",
      description =
          "Writes event files for TensorBoard to tensorboard/ below --work; also the environment"
              + " variable AUTOLOSS_TENSORBOARD=true.")
  private boolean tensorboard;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Report report = new Report(System.out, Optional.ofNullable(message), mapper);
    try (Stop stop = Stop.onSignal()) {
      if (endWithStdin) {
        stop.atEndOf(System.in);
      }
      WorkFolder folder = new WorkFolder(work, mapper);
      try {
        return run(folder, report, stop);
      } catch (ParameterException usage) {
        throw usage;
      } catch (Exception | OutOfMemoryError | LinkageError thrown) {
        folder.note(thrown);
        return fail(Failure.of(thrown), report);
      }
    }
  }

  private int run(WorkFolder folder, Report report, Stop stop) throws IOException {
    // The engine's own log, which starts with the engine.
    System.setProperty("org.slf4j.simpleLogger.logFile", work.resolve("engine.log").toString());
    TrainingDocument read = readDocument();
    Optional<TrialResult> result = folder.earlierResult(read.specHash(), read.spec().seed());
    if (result.isEmpty()) {
      DetectorTrainingSpec spec = cpu ? onCpu(read.spec()) : read.spec();
      Engines.prepare(spec.accelerator().cpuThreads());
      TrainingData opened = TrainingData.open(spec, Optional.ofNullable(data));
      if (!stop.isAsked()) {
        result = train(new Trial(read, spec, opened), folder, report, stop);
      }
    }
    if (result.isEmpty()) {
      return fail(new Failure(ExitCode.STOPPED.code(), "stopped before the end"), report);
    }
    report.result(result.get());
    return exitCode(result.get());
  }

  /** What is trained: the document, and its spec as this machine can do it. */
  private record Trial(TrainingDocument document, DetectorTrainingSpec spec, TrainingData data) {}

  private Optional<TrialResult> train(Trial trial, WorkFolder folder, Report report, Stop stop)
      throws IOException {
    try (var watchers = new Watchers(watchers(trial.spec()), folder::note)) {
      Consumer<Progress> listener =
          progress -> {
            report.progress(progress);
            watchers.progress(progress);
          };
      var training = new Training(trial.document(), folder, listener, stop);
      Optional<TrialResult> result = training.run(trial.spec(), trial.data());
      result.ifPresent(watchers::result);
      return result;
    }
  }

  private List<Watcher> watchers(DetectorTrainingSpec spec) throws IOException {
    List<Watcher> watchers = new ArrayList<>();
    if (tensorboard) {
      watchers.add(EventFile.in(work.resolve("tensorboard"), InstantSource.system()));
    }
    if (metricsPort != null) {
      watchers.add(MetricsPage.open(metricsPort, spec.schedule().batchSize()));
    }
    return watchers;
  }

  private int exitCode(TrialResult result) {
    ExitCode code =
        switch (result.outcome()) {
          case SCORED, LOST -> ExitCode.RESULT;
          case DIVERGED -> ExitCode.DIVERGED;
          case REJECTED -> ExitCode.REJECTED;
        };
    return commandLineCodes ? code.code() : ExitCode.RESULT.code();
  }

  private static int fail(Failure failure, Report report) {
    System.err.println(failure.line());
    try {
      report.failure(failure.line());
    } catch (IOException unwritten) {
      System.err.println(Failure.describe(unwritten));
    }
    return failure.exitCode();
  }

  private TrainingDocument readDocument() throws IOException {
    String variable = System.getenv(TrainingDocument.VARIABLE);
    if (variable != null) {
      return TrainingDocumentReader.read(variable, TrainingDocument.VARIABLE);
    }
    if (document == null) {
      throw new ParameterException(
          command.commandLine(),
          "expected --document FILE or the environment variable " + TrainingDocument.VARIABLE);
    }
    return TrainingDocumentReader.read(Files.readString(document), document.toString());
  }

  private static DetectorTrainingSpec onCpu(DetectorTrainingSpec spec) {
    Accelerator asked = spec.accelerator();
    return spec.withAccelerator(new Accelerator(asked.resourceName(), 0, asked.cpuThreads()));
  }
}
