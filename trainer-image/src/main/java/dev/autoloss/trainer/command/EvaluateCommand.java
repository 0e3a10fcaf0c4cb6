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
import dev.autoloss.trainer.evaluation.CocoEvaluation;
import dev.autoloss.trainer.evaluation.Shape;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints COCO's twelve numbers of detections in COCO's results format. */
@Command(
    name = "evaluate",
    description = "Prints COCO's twelve numbers of a file of detections.",
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

  @Option(names = "--json", description = "Prints one JSON object with full precision.")
  private boolean json;

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
    Metrics metrics =
        CocoEvaluation.evaluate(truth, boxes, type == Type.segm ? Shape.MASK : Shape.BOX);
    double seconds = (System.nanoTime() - start) / 1e9;
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode numbers = mapper.valueToTree(metrics);
    numbers.put("seconds", seconds);
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(mapper.writeValueAsString(numbers));
    } else {
      for (Map.Entry<String, JsonNode> number : numbers.properties()) {
        out.printf(Locale.ROOT, "%-8s%7.4f%n", number.getKey(), number.getValue().doubleValue());
      }
    }
    out.flush();
    return 0;
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
