package dev.autoloss.operator.losssearch;

import dev.autoloss.api.Acceptance;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Finalists;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Numerics;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Simulation;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.Split;
import dev.autoloss.api.Subset;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.operator.resource.ChildNames;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.Scaling;
import dev.autoloss.search.Stage;
import dev.autoloss.search.Trial;
import dev.autoloss.search.TrialId;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The DetectorTraining of a trial: the same trial always makes the same resource. */
final class TrainingSpecs {
  private TrainingSpecs() {}

  /** Name of a trial's DetectorTraining. */
  static String name(LossSearch search, TrialId trial) {
    return ChildNames.of(search, trial.toString());
  }

  /** What is trained: a branch without a loss and with weight 1 keeps the detector's default. */
  static DetectorTrainingSpec of(LossSearch search, Trial trial) {
    var spec = Objects.requireNonNull(search.getSpec(), "spec");
    var trials = spec.trials();
    return new DetectorTrainingSpec(
        spec.detector(),
        dataset(spec, trial.id().stage()),
        losses(spec, trial),
        scaled(schedule(spec, trial.id().stage()), trial.scaling().learningRate()),
        trial.seed(),
        spec.training().precision(),
        spec.training().accelerator(),
        switch (trial.id().stage()) {
          case SIMULATION -> Split.TRAIN;
          case PROXY, FINAL -> Split.VALIDATION;
          case TEST -> Split.TEST;
        },
        new Acceptance(trial.id().stage() == Stage.SIMULATION ? simulation(spec).minAP() : 0),
        trials.retries(),
        trials.deadlines(),
        trials.scheduling(),
        trials.pod(),
        trials.checkpoint());
  }

  private static Simulation simulation(LossSearchSpec spec) {
    return Objects.requireNonNull(spec.simulation(), "simulation");
  }

  /** Images for the verdict are seen by the trainings of the verdict alone. */
  private static Dataset dataset(LossSearchSpec spec, Stage stage) {
    Dataset whole = spec.dataset();
    return switch (stage) {
      case SIMULATION ->
          new Dataset(
              whole.source(),
              whole.train(),
              whole.validation(),
              new Subset(simulation(spec).imagesPerCategory(), spec.seed()));
      case PROXY, FINAL ->
          new Dataset(whole.source(), whole.train(), whole.validation(), whole.subset());
      case TEST -> whole;
    };
  }

  private static Schedule schedule(LossSearchSpec spec, Stage stage) {
    Finalists finalists = spec.finalists();
    Schedule last = finalists == null ? null : finalists.schedule();
    return switch (stage) {
      case SIMULATION -> simulation(spec).schedule();
      case PROXY -> spec.training().schedule();
      case FINAL, TEST -> last == null ? spec.training().schedule() : last;
    };
  }

  private static Schedule scaled(Schedule schedule, double learningRate) {
    return schedule.withLearningRate(schedule.learningRate() * learningRate);
  }

  private static LossChoice losses(LossSearchSpec spec, Trial trial) {
    Scaling scaling = trial.scaling();
    return new LossChoice(
        term(
            trial.losses().classification(),
            scaling.classification(),
            switch (spec.detector().architecture()) {
              case FCOS, ATSS -> CatalogueLoss.FOCAL;
              case FASTER_RCNN, CASCADE_RCNN, MASK_RCNN -> CatalogueLoss.CROSS_ENTROPY;
            }),
        term(
            trial.losses().regression(),
            scaling.regression(),
            switch (spec.detector().architecture()) {
              case FCOS, ATSS -> CatalogueLoss.GIOU;
              case FASTER_RCNN, CASCADE_RCNN, MASK_RCNN -> CatalogueLoss.L1;
            }),
        spec.training().boxWeighting(),
        Numerics.EXACT,
        spec.space().areaUnits());
  }

  static DetectorTraining training(LossSearch search, Trial trial) {
    DetectorTrainingSpec spec = of(search, trial);
    var metadata =
        new ObjectMetaBuilder()
            .withName(name(search, trial.id()))
            .withNamespace(search.getMetadata().getNamespace())
            .addToLabels(Labels.MANAGED_BY, Labels.OPERATOR)
            .addToLabels(Labels.SEARCH_UID, search.getMetadata().getUid())
            .addToLabels(Labels.GENERATION, Integer.toString(trial.id().candidate().generation()))
            .addToLabels(Labels.STAGE, trial.id().stage().name().toLowerCase(Locale.ROOT))
            .addToAnnotations(Labels.SEARCH, search.getMetadata().getName())
            .addToAnnotations(Labels.TRIAL, trial.id().toString())
            .addToAnnotations(Labels.SPEC_HASH, SpecHash.of(spec))
            .withFinalizers(Labels.RESULT_FINALIZER)
            .withOwnerReferences(Ownership.controller(search))
            .build();
    return DetectorTraining.of(metadata, spec);
  }

  private static @Nullable LossTerm term(
      Optional<Expression> loss, double weight, CatalogueLoss standard) {
    if (loss.isPresent()) {
      return new LossTerm(null, Printer.prefix(loss.get()), weight);
    }
    return weight == 1 ? null : new LossTerm(standard.label(), null, weight);
  }
}
