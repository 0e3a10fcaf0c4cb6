package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.DataPath;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionException;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a schema can't say: the CRDs' rules for fields that depend on each other, and whether losses
 * can be read.
 */
final class CrossFieldRules {
  private static final List<String> SOURCES =
      List.of("persistentVolumeClaim", "image", "nfs", "shapes");

  private final List<Mistake> found = new ArrayList<>();
  private final Branch classification;

  private CrossFieldRules(JsonNode spec) {
    this.classification =
        switch (architecture(spec.path("detector").path("architecture").asText())) {
          case FCOS, ATSS -> Branch.ONE_STAGE;
          case FASTER_RCNN, CASCADE_RCNN, MASK_RCNN -> Branch.TWO_STAGE;
        };
  }

  /** The schema has checked the name already; a document with another is not judged any further. */
  private static Architecture architecture(String name) {
    return Stream.of(Architecture.values())
        .filter(one -> one.name().replace("_", "").equalsIgnoreCase(name))
        .findFirst()
        .orElse(Architecture.FCOS);
  }

  static List<Mistake> ofSearch(JsonNode spec) {
    var rules = new CrossFieldRules(spec);
    rules.detector(spec.path("detector"));
    rules.dataset(spec.path("dataset"));
    JsonNode evolution = spec.path("evolution");
    for (String list : List.of("initial", "priors")) {
      for (int i = 0; i < evolution.path(list).size(); i++) {
        rules.evolvable(evolution.path(list).get(i), "spec.evolution." + list + "[" + i + "]");
      }
    }
    rules.lookAhead(evolution);
    rules.funnel(spec);
    rules.rates(evolution.path("rates"));
    rules.subPath(spec.path("trials").path("checkpoint"), "spec.trials.checkpoint");
    rules.found.addAll(VolumeRules.of(spec.path("trials").path("pod"), "spec.trials.pod"));
    for (String stage : List.of("training", "simulation", "finalists")) {
      rules.schedule(spec.path(stage).path("schedule"), "spec." + stage + ".schedule");
    }
    if (spec.path("dataset").has("test") && !spec.has("finalists")) {
      rules.found.add(
          new Mistake(
              "spec.dataset.test", "expected to be left out, without finalists it is not used"));
    }
    return rules.found;
  }

  static List<Mistake> ofTraining(JsonNode spec) {
    var rules = new CrossFieldRules(spec);
    rules.detector(spec.path("detector"));
    rules.dataset(spec.path("dataset"));
    rules.losses(spec.path("loss"), "spec.loss");
    rules.subPath(spec.path("checkpoint"), "spec.checkpoint");
    rules.found.addAll(VolumeRules.of(spec.path("pod"), "spec.pod"));
    rules.schedule(spec.path("schedule"), "spec.schedule");
    if (spec.path("evaluateOn").asText().equals("Test") && !spec.path("dataset").has("test")) {
      rules.found.add(
          new Mistake("spec.evaluateOn", "expected Train or Validation, without dataset.test"));
    }
    return rules.found;
  }

  private void detector(JsonNode detector) {
    inside(detector.path("weights"), "spec.detector.weights");
    compatibility(detector);
    if (detector.has("weights")) {
      return;
    }
    if (detector.path("norm").asText().equals("FrozenBN")) {
      found.add(
          new Mistake(
              "spec.detector.norm",
              "expected GN or BN, or weights: from random weights FrozenBN normalises nothing"));
    }
    if (detector.path("frozenStages").asInt() > 0) {
      found.add(
          new Mistake(
              "spec.detector.frozenStages", "expected 0, or weights: random ones must be trained"));
    }
  }

  private void compatibility(JsonNode detector) {
    if (!detector.path("compatibility").asText().equals("Torchvision")) {
      return;
    }
    boolean there =
        switch (architecture(detector.path("architecture").asText())) {
          case FASTER_RCNN, MASK_RCNN, FCOS -> true;
          case ATSS, CASCADE_RCNN -> false;
        };
    if (!there || detector.path("style").asText().equals("Caffe")) {
      found.add(
          new Mistake(
              "spec.detector.compatibility",
              "expected Published, or FasterRCNN, MaskRCNN or FCOS with style PyTorch: torchvision"
                  + " has no others"));
    }
  }

  private void dataset(JsonNode dataset) {
    if (!dataset.path("source").isObject()) {
      return;
    }
    List<String> given = SOURCES.stream().filter(dataset.path("source")::has).toList();
    if (given.size() != 1) {
      found.add(
          new Mistake(
              "spec.dataset.source",
              "expected exactly one of persistentVolumeClaim, image, nfs and shapes, found "
                  + (given.isEmpty() ? "none" : String.join(" and ", given))));
    }
    subPath(dataset.path("source"), "spec.dataset.source");
    splits(dataset, given.contains("shapes"));
    for (String split : List.of("train", "validation", "test")) {
      for (String field : List.of("annotations", "images")) {
        inside(dataset.path(split).path(field), "spec.dataset." + split + "." + field);
      }
    }
  }

  private void subPath(JsonNode place, String path) {
    inside(
        place.path("persistentVolumeClaim").path("subPath"),
        path + ".persistentVolumeClaim.subPath");
  }

  private void inside(JsonNode text, String path) {
    if (text.isTextual() && !DataPath.isInside(text.textValue())) {
      found.add(
          new Mistake(
              path,
              "expected a path inside of the data: not from the root, without .., found "
                  + text.textValue()));
    }
  }

  private void schedule(JsonNode schedule, String path) {
    int shortSide = schedule.path("resize").path("shortSide").asInt();
    int longSide = schedule.path("resize").path("longSide").asInt(Integer.MAX_VALUE);
    if (shortSide > longSide) {
      found.add(
          new Mistake(
              path + ".resize.shortSide",
              "expected at most longSide, which is %d, found %d".formatted(longSide, shortSide)));
    }
  }

  private void rates(JsonNode rates) {
    double sum = 0;
    for (JsonNode rate : rates) {
      sum += rate.asDouble();
    }
    if (rates.isObject() && sum == 0) {
      found.add(new Mistake("spec.evolution.rates", "expected at least one above 0"));
    }
  }

  private void splits(JsonNode dataset, boolean shapes) {
    if (shapes && dataset.has("test")) {
      found.add(new Mistake("spec.dataset.test", "expected to be left out: shapes has none"));
    }
    for (String split : List.of("train", "validation")) {
      String path = "spec.dataset." + split;
      if (shapes && dataset.has(split)) {
        found.add(new Mistake(path, "expected to be left out: shapes has its own"));
      } else if (!shapes && !dataset.has(split)) {
        found.add(new Mistake(path, "expected an object, it is missing"));
      }
    }
  }

  /** Each step of a generation lets fewer through. */
  private void funnel(JsonNode spec) {
    JsonNode evolution = spec.path("evolution");
    int candidates = evolution.path("candidates").asInt();
    int trained = evolution.path("trained").asInt();
    if (candidates < trained) {
      found.add(
          new Mistake(
              "spec.evolution.candidates",
              "expected at least evolution.trained, which is %d, found %d"
                  .formatted(trained, candidates)));
    }
    if (evolution.has("simulated")) {
      int simulated = evolution.path("simulated").asInt();
      if (!spec.has("simulation")) {
        found.add(
            new Mistake("spec.evolution.simulated", "expected to be left out, without simulation"));
      } else if (simulated < trained || simulated > candidates) {
        found.add(
            new Mistake(
                "spec.evolution.simulated",
                "expected evolution.trained to evolution.candidates, which is %d to %d, found %d"
                    .formatted(trained, candidates, simulated)));
      }
    }
  }

  private void lookAhead(JsonNode evolution) {
    int lookAhead = evolution.path("lookAhead").asInt(1);
    if (lookAhead > 1 && "Generational".equals(evolution.path("strategy").asText("Generational"))) {
      found.add(
          new Mistake(
              "spec.evolution.lookAhead",
              "expected 1 with strategy Generational, found " + lookAhead));
    }
  }

  private void losses(JsonNode pair, String path) {
    term(pair.path("classification"), CatalogueLoss.of(classification), path + ".classification");
    term(pair.path("regression"), CatalogueLoss.of(Branch.REGRESSION), path + ".regression");
  }

  /** Losses that a search begins with: trees, as they are. */
  private void evolvable(JsonNode pair, String path) {
    for (String branch : List.of("classification", "regression")) {
      JsonNode term = pair.path(branch);
      Branch of = branch.equals("regression") ? Branch.REGRESSION : classification;
      term(
          term,
          CatalogueLoss.of(of).stream().filter(loss -> loss.expression().isPresent()).toList(),
          path + "." + branch);
      if (term.path("weight").asDouble(1) != 1) {
        found.add(
            new Mistake(
                path + "." + branch + ".weight",
                "expected 1 in a search, found " + term.path("weight").asText()));
      }
    }
  }

  private void term(JsonNode term, List<CatalogueLoss> known, String path) {
    if (!term.isObject()) {
      return;
    }
    Branch branch = known.getFirst().branch();
    JsonNode name = term.path("catalogue");
    JsonNode text = term.path("expression");
    if (name.isMissingNode() == text.isMissingNode()) {
      found.add(
          new Mistake(
              path,
              "expected exactly one of catalogue and expression, found "
                  + (name.isMissingNode() ? "none" : "both")));
    } else if (text.isTextual()) {
      try {
        var _ = ExpressionParser.parse(text.textValue(), branch);
      } catch (ExpressionException wrong) {
        found.add(new Mistake(path + ".expression", String.valueOf(wrong.getMessage())));
      }
    } else if (name.isTextual()) {
      List<String> names = known.stream().map(CatalogueLoss::label).toList();
      if (!names.contains(name.textValue())) {
        found.add(
            new Mistake(
                path + ".catalogue",
                "expected "
                    + String.join(", ", names)
                    + " ("
                    + branch.label()
                    + "), found "
                    + name.textValue()));
      }
    }
  }
}
