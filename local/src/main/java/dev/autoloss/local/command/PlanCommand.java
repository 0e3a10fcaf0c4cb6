package dev.autoloss.local.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSplit;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.api.document.Places;
import dev.autoloss.local.plan.DataSize;
import dev.autoloss.local.plan.Estimate;
import dev.autoloss.local.plan.FinishedTrainings;
import dev.autoloss.local.plan.Noise;
import dev.autoloss.local.plan.PlanText;
import dev.autoloss.local.plan.Speed;
import dev.autoloss.local.plan.TrialPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a search costs before it spends. */
@Command(
    name = "plan",
    description = {
      "Says what a LossSearch will cost and what it could show, before it spends anything:"
          + " trainings by stage, hours, and the gain that could be told from chance.",
      "The speed is measured by a training of at most a minute on this machine, or taken from"
          + " --step-seconds, or from the finished trainings of --work."
    },
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long MOST_SECONDS = 60;

  /** Circle, square and triangle. */
  private static final int SHAPES = 3;

  @Parameters(paramLabel = "FILE", description = "YAML file with one LossSearch.")
  private Path file = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that takes the place of the document's volume; shapes need none.")
  private @Nullable Path data;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Work folder of a run: speed and noise of its finished trainings.")
  private @Nullable Path work;

  @Option(
      names = "--step-seconds",
      paramLabel = "S",
      description = "Seconds of a step, for example on your GPU; nothing is measured.")
  private @Nullable Double stepSeconds;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "With --step-seconds: images to train on, if the document does not say it.")
  private @Nullable Integer images;

  @Option(
      names = "--sigma",
      paramLabel = "S",
      description = "Standard deviation of AP from seed to seed.")
  private @Nullable Double sigma;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "Trainers at once; the document's parallelism, as far as the cores allow, if left out.")
  private @Nullable Integer parallel;

  @Option(names = "--json", description = "A JSON object.")
  private boolean json;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    checkOptions();
    if (!(Documents.read(file) instanceof Document.Search(LossSearch search, Places places))) {
      throw new InputException(file + ": expected a LossSearch");
    }
    LossSearchSpec spec = Objects.requireNonNull(search.getSpec(), "spec");
    Optional<FinishedTrainings> finished =
        work == null ? Optional.empty() : Optional.of(FinishedTrainings.read(work));
    DataSize size = size(spec.dataset());
    Speed speed = speed(spec, places, finished, size);
    Estimate estimate = Estimate.of(TrialPlan.of(spec), speed, size, noise(finished), atOnce(spec));
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(MAPPER.writeValueAsString(estimate));
    } else {
      PlanText.lines(estimate).forEach(out::println);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private void checkOptions() {
    positive("--step-seconds", stepSeconds);
    positive("--sigma", sigma);
    positive("--images", images);
    positive("--parallel", parallel);
    if (images != null && stepSeconds == null) {
      throw new InputException("--images: expected only with --step-seconds");
    }
    if (work != null && !Files.isDirectory(work)) {
      throw new InputException("--work " + work + ": expected a folder, there is none");
    }
  }

  private static void positive(String option, @Nullable Number value) {
    if (value != null && !(value.doubleValue() > 0 && Double.isFinite(value.doubleValue()))) {
      throw new InputException(option + ": expected a number above 0, found " + value);
    }
  }

  private Noise noise(Optional<FinishedTrainings> finished) {
    return sigma == null
        ? finished.flatMap(FinishedTrainings::noise).orElse(Noise.ASSUMED)
        : new Noise(sigma, "given");
  }

  private int atOnce(LossSearchSpec spec) {
    if (parallel != null) {
      return parallel;
    }
    int threads = Math.max(1, spec.training().accelerator().cpuThreads());
    int fit = Math.max(1, Runtime.getRuntime().availableProcessors() / threads);
    // Elsewhere the GPUs decide, and the document says how many trainings may have one.
    return stepSeconds == null
        ? Math.min(spec.trials().parallelism(), fit)
        : spec.trials().parallelism();
  }

  private Speed speed(
      LossSearchSpec spec, Places places, Optional<FinishedTrainings> finished, DataSize size)
      throws IOException, InterruptedException {
    if (stepSeconds != null) {
      return given(stepSeconds, spec, size);
    }
    int epochs = spec.training().schedule().epochs();
    if (finished.isPresent()) {
      return finished
          .get()
          .speed(epochs)
          .orElseThrow(
              () ->
                  new InputException(
                      "--work " + work + ": expected finished trainings, found none"));
    }
    Optional<Path> folder = DataFolder.check(spec.dataset(), data, places);
    Path place = Files.createTempDirectory("autoloss-plan");
    try {
      if (spec.training().accelerator().count() > 0) {
        System.err.println("note: measures on CPU: give --step-seconds of your GPU");
      }
      return new SpeedMeasurement(MOST_SECONDS)
          .measure(new OneTraining(folder), oneEpoch(spec), place);
    } finally {
      delete(place);
    }
  }

  private Speed given(double seconds, LossSearchSpec spec, DataSize size) {
    int count =
        size.images()
            .orElseThrow(
                () ->
                    new InputException(
                        "--images or --data: expected with --step-seconds, the document does not say"
                            + " how many images there are"));
    int steps = Math.ceilDiv(count, spec.training().schedule().batchSize());
    return new Speed(
        steps * seconds,
        0,
        "%s s a step as given, %d images in %d steps an epoch; start and evaluation not counted"
            .formatted(seconds, count, steps));
  }

  private DataSize size(Dataset dataset) throws IOException {
    ShapesSource shapes = dataset.source().shapes();
    if (shapes != null) {
      return new DataSize(OptionalInt.of(shapes.trainImages()), OptionalInt.of(SHAPES));
    }
    DatasetSplit train = dataset.train();
    Path annotations =
        data == null || train == null ? Path.of("") : data.resolve(train.annotations());
    if (Files.isRegularFile(annotations)) {
      return DataSize.of(annotations);
    }
    return images == null
        ? DataSize.UNKNOWN
        : new DataSize(OptionalInt.of(images), OptionalInt.empty());
  }

  /** The default losses with one epoch, as a document of its own, its defaults applied. */
  private static DetectorTrainingSpec oneEpoch(LossSearchSpec spec) {
    ObjectNode resource =
        MAPPER
            .createObjectNode()
            .put("apiVersion", "autoloss.dev/v1alpha1")
            .put("kind", "DetectorTraining");
    resource.putObject("metadata").put("name", "plan");
    ObjectNode training = resource.putObject("spec");
    training.set("detector", MAPPER.valueToTree(spec.detector()));
    training.set("dataset", MAPPER.valueToTree(spec.dataset()));
    training.set("accelerator", MAPPER.valueToTree(spec.training().accelerator()));
    training.put("seed", spec.seed());
    ObjectNode schedule = MAPPER.valueToTree(spec.training().schedule());
    schedule.put("epochs", 1).putArray("steps");
    training.set("schedule", schedule);
    try {
      return switch (DocumentReader.read("plan", resource.toString())) {
        case Document.Training one -> Objects.requireNonNull(one.resource().getSpec(), "spec");
        case Document.Search _ -> throw new IllegalStateException("a search for a training");
      };
    } catch (DocumentException wrong) {
      throw new InputException(wrong.lines());
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.deleteIfExists(one);
    }
  }
}
