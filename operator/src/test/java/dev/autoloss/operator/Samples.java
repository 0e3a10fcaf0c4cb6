package dev.autoloss.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Acceptance;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.AreaUnits;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.BranchesPerGeneration;
import dev.autoloss.api.Budget;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSource;
import dev.autoloss.api.Deadlines;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Evolution;
import dev.autoloss.api.EvolutionStrategy;
import dev.autoloss.api.InitialLoss;
import dev.autoloss.api.JobRetention;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.PodOptions;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Retries;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Scheduling;
import dev.autoloss.api.SearchBranch;
import dev.autoloss.api.Seeding;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Space;
import dev.autoloss.api.Split;
import dev.autoloss.api.Stop;
import dev.autoloss.api.SuspendPolicy;
import dev.autoloss.api.TrainingPlan;
import dev.autoloss.api.Trials;
import dev.autoloss.api.VariationRates;
import dev.autoloss.api.WarmUp;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;

/** Resources to test with, defaults applied as the API server would. */
public final class Samples {
  public static final Detector DETECTOR =
      new Detector(
          Architecture.FCOS,
          Backbone.SMALL,
          new Preprocessing(
              ChannelOrder.RGB, List.of(123.675, 116.28, 103.53), List.of(58.395, 57.12, 57.375)));
  public static final Dataset SHAPES =
      new Dataset(
          new DatasetSource(null, null, null, new ShapesSource(1, 96, 48, 96, 96)),
          null,
          null,
          null);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static final Budget NO_BUDGET = new Budget(null, null, null);

  public static final Schedule SCHEDULE =
      new Schedule(
          8,
          4,
          0.02,
          0.9,
          1e-4,
          new WarmUp(30, 0.1),
          List.of(6),
          0.1,
          10.0,
          new Resize(96, 96),
          0.5);
  public static final PodOptions PLAIN_POD =
      new PodOptions(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  private Samples() {}

  /** A training that computes on CPU with small limits. */
  public static DetectorTraining training(String name) {
    var metadata =
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("default")
            .withUid("0a1b2c3d-0000-0000-0000-000000000001")
            .withResourceVersion("1")
            .withGeneration(1L)
            .build();
    return DetectorTraining.of(metadata, spec());
  }

  public static DetectorTrainingSpec spec() {
    return new DetectorTrainingSpec(
        DETECTOR,
        SHAPES,
        new LossChoice(null, new LossTerm(null, "Sub(1,Div(I,U))", 1), BoxWeighting.INTENDED),
        SCHEDULE,
        7,
        new Accelerator("nvidia.com/gpu", 0, 1),
        Split.VALIDATION,
        new Acceptance(0),
        new Retries(2, 1),
        new Deadlines(600, 3600, 60),
        new Scheduling(null, null, null),
        PLAIN_POD,
        null);
  }

  /** A search of {@code generations} × {@code trained} over shapes. */
  public static LossSearch search(String name, int generations, int trained, int parallelism) {
    var metadata =
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("default")
            .withUid("5ea2c400-0000-0000-0000-000000000002")
            .withResourceVersion("1")
            .withGeneration(1L)
            .build();
    return LossSearch.of(metadata, searchSpec(generations, trained, parallelism));
  }

  /** A spec with some of its fields changed, as a piece of YAML says. */
  public static LossSearchSpec changed(LossSearchSpec spec, String yaml) {
    try {
      var tree = (ObjectNode) MAPPER.valueToTree(spec);
      merge(tree, (ObjectNode) new YAMLMapper().readTree(yaml));
      return MAPPER.treeToValue(tree, LossSearchSpec.class);
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  private static void merge(ObjectNode into, ObjectNode change) {
    for (var field : change.properties()) {
      if (field.getValue() instanceof ObjectNode inner
          && into.path(field.getKey()) instanceof ObjectNode there) {
        merge(there, inner);
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  public static LossSearchSpec searchSpec(int generations, int trained, int parallelism) {
    return new LossSearchSpec(
        1,
        false,
        SuspendPolicy.DRAIN,
        DETECTOR,
        SHAPES,
        new Space(
            List.of(SearchBranch.CLASSIFICATION, SearchBranch.REGRESSION),
            null,
            List.of(1.0, 2.0, 3.0),
            40,
            10,
            AreaUnits.NATIVE,
            false),
        new Evolution(
            generations,
            500,
            null,
            trained,
            2,
            1,
            1,
            null,
            new VariationRates(0.4, 0.2, 0.15, 0.1, 0.1, 0.05, 0.1),
            List.of(
                new InitialLoss(new LossTerm("FLI", null, 1), new LossTerm("GIoU", null, 1)),
                new InitialLoss(new LossTerm("Focal", null, 1), new LossTerm("IoU", null, 1))),
            List.of(),
            Seeding.INITIAL,
            EvolutionStrategy.GENERATIONAL,
            BranchesPerGeneration.JOINT,
            1,
            0,
            50),
        null,
        new TrainingPlan(SCHEDULE, new Accelerator("nvidia.com/gpu", 0, 1), BoxWeighting.INTENDED),
        null,
        trials(parallelism),
        NO_BUDGET,
        new Stop(0));
  }

  public static Trials trials(int parallelism) {
    return new Trials(
        parallelism,
        new Retries(2, 1),
        2,
        new Deadlines(600, 3600, 60),
        new Scheduling(null, null, null),
        PLAIN_POD,
        null,
        JobRetention.FAILED,
        300);
  }
}
