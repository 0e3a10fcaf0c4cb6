package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.Architecture;
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
        rules.losses(evolution.path(list).get(i), "spec.evolution." + list + "[" + i + "]");
      }
    }
    rules.lookAhead(evolution);
    rules.funnel(spec);
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
    return rules.found;
  }

  private void detector(JsonNode detector) {
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
      return;
    }
    splits(dataset, given.contains("shapes"));
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
    } else if (evolution.has("simulated")) {
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
    term(pair.path("classification"), classification, path + ".classification");
    term(pair.path("regression"), Branch.REGRESSION, path + ".regression");
  }

  private void term(JsonNode term, Branch branch, String path) {
    if (!term.isObject()) {
      return;
    }
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
      boolean known =
          CatalogueLoss.named(name.textValue()).filter(loss -> loss.branch() == branch).isPresent();
      if (!known) {
        List<String> names = CatalogueLoss.of(branch).stream().map(CatalogueLoss::label).toList();
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
