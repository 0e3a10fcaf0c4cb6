package dev.autoloss.trainer.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.Metrics;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoReader;
import dev.autoloss.trainer.data.CocoResults;
import dev.autoloss.trainer.data.DataException;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.evaluation.CategoryResult;
import dev.autoloss.trainer.evaluation.CocoEvaluation;
import dev.autoloss.trainer.evaluation.PrecisionRecallPlot;
import dev.autoloss.trainer.evaluation.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints COCO's twelve numbers of detections in COCO's results format. */
@Command(
    name = "evaluate",
    description = "Prints COCO's twelve numbers of a file of detections.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:wrong usage or input"},
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--annotations",
      required = true,
      paramLabel = "FILE",
      description = "Ground truth: a COCO JSON file.")
  private Path annotations = Path.of("");

  @Option(
      names = "--detections",
      required = true,
      paramLabel = "FILE",
      description =
          "Detections: a JSON array of {image_id, category_id, bbox, score}, with segmentation for"
              + " --type segm.")
  private Path detections = Path.of("");

  @Option(
      names = "--categories",
      description = "Adds each category: objects to be found, AP, AP50, AP75 and AR100.")
  private boolean categories;

  @Option(
      names = "--plots",
      paramLabel = "DIR",
      description =
          "Gets precision-recall curves at IoU .50 and .75: precision-recall.svg of all categories"
              + " together, precision-recall-ID.svg of each.")
  private @Nullable Path plots;

  @Option(names = "--json", description = "Prints one JSON object with full precision.")
  private boolean json;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private CommandSpec command = CommandSpec.create();

  /** What is compared, in COCO's words. */
  private enum Type {
    bbox,
    segm
  }

  @Option(
      names = "--type",
      paramLabel = "bbox|segm",
      description = "What is compared: boxes or masks.")
  private Type type = Type.bbox;

  @Override
  public Integer call() throws Exception {
    long start = System.nanoTime();
    CocoDataset truth =
        type == Type.segm
            ? CocoReader.readMasks(annotations, annotations.toString())
            : CocoReader.read(annotations, annotations.toString());
    List<DetectedBox> boxes = CocoResults.read(detections, detections.toString(), truth);
    if (type == Type.segm) {
      checkMasks(boxes);
    }
    CocoEvaluation evaluation =
        CocoEvaluation.of(truth, boxes, type == Type.segm ? Shape.MASK : Shape.BOX);
    ObjectNode numbers = MAPPER.valueToTree(evaluation.metrics());
    numbers.put("seconds", (System.nanoTime() - start) / 1e9);
    List<CategoryResult> each =
        categories || plots != null ? evaluation.categories() : List.<CategoryResult>of();
    if (plots != null) {
      plot(each, plots);
    }
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      if (categories) {
        each.forEach(numbers.putArray("categories")::addPOJO);
      }
      out.println(MAPPER.writeValueAsString(numbers));
    } else {
      print(numbers, each, out);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private void print(ObjectNode numbers, List<CategoryResult> each, PrintWriter out) {
    for (Map.Entry<String, JsonNode> number : numbers.properties()) {
      out.printf(Locale.ROOT, "%-8s%7.4f%n", number.getKey(), number.getValue().doubleValue());
    }
    if (categories) {
      out.printf("%n%8s %8s %8s %8s %8s  category%n", "objects", "AP", "AP50", "AP75", "AR100");
      for (CategoryResult one : each) {
        Metrics own = one.metrics();
        out.printf(
            Locale.ROOT,
            "%8d %8.4f %8.4f %8.4f %8.4f  %s%n",
            one.objects(),
            own.ap(),
            own.ap50(),
            own.ap75(),
            own.ar100(),
            one.name());
      }
    }
  }

  private static void plot(List<CategoryResult> each, Path folder) throws IOException {
    var files = new WorkFolder(folder, MAPPER);
    write(files, "precision-recall.svg", "all categories", CategoryResult.mean(each));
    for (CategoryResult one : each) {
      String file = "precision-recall-" + one.id() + ".svg";
      write(files, file, one.name(), one.precision());
    }
  }

  private static void write(
      WorkFolder files, String name, String title, List<List<Double>> precision)
      throws IOException {
    String svg = PrecisionRecallPlot.svg(title, precision);
    files.write(name, out -> out.write(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private void checkMasks(List<DetectedBox> boxes) {
    for (int i = 0; i < boxes.size(); i++) {
      if (boxes.get(i).mask().isEmpty()) {
        throw new DataException(
            "%s: [%d].segmentation: expected a mask, but there is none".formatted(detections, i));
      }
    }
  }
}
