package dev.autoloss.trainer.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.Resize;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoImage;
import dev.autoloss.trainer.data.CocoReader;
import dev.autoloss.trainer.data.CocoResults;
import dev.autoloss.trainer.data.DataException;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.data.EvaluationBatches;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.fit.ModelDescription;
import dev.autoloss.trainer.weights.StartingWeights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds objects in images, draws them and writes them down. */
@Command(
    name = "predict",
    description = {
      "Finds objects in images: draws boxes and masks with --out, writes COCO's results with --json.",
      "A checkpoint of a training here says itself what it is of; weights of others need"
          + " --document and --annotations."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:wrong usage or input"},
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Image files, or folders of which every JPEG, PNG, GIF and BMP is taken.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description = "checkpoint.safetensors of a training, or torchvision's or mmdetection's file.")
  private Path weights = Path.of("");

  @Option(
      names = "--document",
      paramLabel = "FILE",
      description =
          "A DetectorTraining or LossSearch (YAML) whose detector the weights are of, if the file of"
              + " weights does not say it.")
  private @Nullable Path document;

  @Option(
      names = "--annotations",
      paramLabel = "FILE",
      description =
          "A COCO JSON file with the categories, if the file of weights does not say them; images"
              + " that it lists keep their ids.")
  private @Nullable Path annotations;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Gets the pictures: a JPEG of a JPEG, a PNG of everything else.")
  private @Nullable Path out;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Gets the detections as COCO's results; images are numbered as printed.")
  private @Nullable Path json;

  @Option(
      names = "--score",
      defaultValue = "0.3",
      paramLabel = "S",
      description = "Least score of what is drawn and written, 0 to 1; default ${DEFAULT-VALUE}.")
  private double score;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads on CPU; default: all of the machine.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--gpu", description = "Computes on the first GPU.")
  private boolean gpu;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws IOException, DocumentException {
    check();
    // The engine's own log tells of nothing but itself.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    Engines.prepare(threads);
    if (!Files.isRegularFile(weights)) {
      throw new DataException(weights + ": expected a file of weights, but there is no such file");
    }
    Optional<CocoDataset> listed =
        Optional.ofNullable(annotations).map(file -> CocoReader.read(file, file.toString()));
    Photos photos = Photos.open(inputs, listed.map(PredictCommand::ids).orElse(Map.of()));
    StartingWeights read = StartingWeights.read(weights);
    ModelDescription model = model(read, listed);
    List<DetectedBox> found = new ArrayList<>();
    try (var detector = new TrainedDetector(model, read, gpu, threads)) {
      run(detector, model, photos, found);
    }
    if (json != null) {
      found.sort(Comparator.comparingLong(DetectedBox::imageId));
      file(json)
          .write(
              json.getFileName().toString(),
              to -> CocoResults.write(to, found, model.categories()));
    }
    return CommandLine.ExitCode.OK;
  }

  private void check() {
    if (out == null && json == null) {
      throw wrong("expected --out DIR, --json FILE or both");
    }
    // Written so that NaN is refused.
    if (!(score >= 0 && score <= 1)) {
      throw wrong("--score: expected 0 to 1, but it is " + score);
    }
    if (threads < 1) {
      throw wrong("--threads: expected at least 1, but it is " + threads);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private static Map<String, Long> ids(CocoDataset listed) {
    Map<String, Long> ids = new HashMap<>();
    for (CocoImage image : listed.images()) {
      String name = Path.of(image.fileName()).getFileName().toString();
      if (ids.put(name, image.id()) != null) {
        throw new DataException(
            "%s: images: expected names that differ without their folders, but two are %s"
                .formatted(listed.file(), name));
      }
    }
    return ids;
  }

  private ModelDescription model(StartingWeights read, Optional<CocoDataset> listed)
      throws DocumentException {
    Optional<ModelDescription> own =
        Optional.ofNullable(read.metadata().get(ModelDescription.KEY))
            .flatMap(ModelDescription::parse);
    if (document == null) {
      return own.orElseThrow(
          () ->
              wrong(
                  weights
                      + " does not say which detector it is of: expected --document and"
                      + " --annotations"));
    }
    var categories =
        listed
            .map(CocoDataset::categories)
            .or(() -> own.map(ModelDescription::categories))
            .orElseThrow(
                () -> wrong(weights + " does not say its categories: expected --annotations"));
    return switch (DocumentReader.read(document)) {
      case Document.Training training -> {
        DetectorTrainingSpec spec = whole(training.resource().getSpec());
        yield new ModelDescription(spec.detector(), spec.schedule().resize(), categories);
      }
      case Document.Search search -> {
        LossSearchSpec spec = whole(search.resource().getSpec());
        Resize resize = spec.training().schedule().resize();
        yield new ModelDescription(spec.detector(), resize, categories);
      }
    };
  }

  /** The reader gives no resource without a spec. */
  private static <T> T whole(@Nullable T spec) {
    return Objects.requireNonNull(spec);
  }

  private void run(
      TrainedDetector detector, ModelDescription model, Photos photos, List<DetectedBox> found)
      throws IOException {
    var dataset =
        new CocoDataset(
            inputs.getFirst().toString(), model.categories(), photos.images(), List.of());
    try (var batches =
        new EvaluationBatches(
            dataset, photos, 1, model.resize(), model.detector().preprocessing())) {
      for (Iterator<Batch> all = batches.epoch(0); all.hasNext(); ) {
        List<DetectedBox> own =
            DetectedBox.of(detector.detect(all.next())).stream()
                .filter(box -> box.score() >= score)
                .toList();
        found.addAll(own);
      }
    }
    Map<Long, List<DetectedBox>> byImage =
        found.stream().collect(Collectors.groupingBy(DetectedBox::imageId));
    List<String> names = model.categories().names();
    for (CocoImage image : photos.images()) {
      List<DetectedBox> own = byImage.getOrDefault(image.id(), List.of());
      if (out != null) {
        draw(photos, image, own, names, out);
      }
      print(photos.file(image.id()), image.id(), own, names);
    }
  }

  private void draw(
      Photos photos, CocoImage image, List<DetectedBox> found, List<String> names, Path folder)
      throws IOException {
    Path photo = photos.file(image.id());
    String name = image.fileName();
    boolean jpeg = List.of("jpg", "jpeg").contains(Photos.ending(photo));
    String target = jpeg || Photos.ending(photo).equals("png") ? name : name + ".png";
    Path picture = folder.resolve(target);
    if (Files.exists(picture) && Files.isSameFile(picture, photo)) {
      throw wrong("--out: expected another folder than that of " + photo);
    }
    var drawn = Picture.of(photos.read(image), found, names);
    new WorkFolder(folder, new ObjectMapper())
        .write(
            target,
            to -> {
              if (!ImageIO.write(drawn, jpeg ? "jpeg" : "png", to)) {
                throw new IOException("no writer of pictures");
              }
            });
  }

  private static WorkFolder file(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    return new WorkFolder(parent == null ? Path.of("/") : parent, new ObjectMapper());
  }

  private void print(Path photo, long id, List<DetectedBox> found, List<String> names) {
    PrintWriter to = command.commandLine().getOut();
    String objects =
        found.stream()
            .map(box -> String.format(Locale.ROOT, "%s %.2f", names.get(box.label()), box.score()))
            .collect(Collectors.joining(", "));
    to.printf(Locale.ROOT, "%d %s: %s%n", id, photo, found.isEmpty() ? "nothing" : objects);
    to.flush();
  }
}
