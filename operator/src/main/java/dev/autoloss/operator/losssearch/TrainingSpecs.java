package dev.autoloss.operator.losssearch;

import dev.autoloss.api.Acceptance;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.Split;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.operator.resource.ChildNames;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
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

  /** What is trained: a branch without a loss keeps the detector's default. */
  static DetectorTrainingSpec of(LossSearch search, Trial trial) {
    var spec = Objects.requireNonNull(search.getSpec(), "spec");
    var plan = spec.training();
    var trials = spec.trials();
    return new DetectorTrainingSpec(
        spec.detector(),
        spec.dataset(),
        new LossChoice(
            term(trial.losses().classification()),
            term(trial.losses().regression()),
            plan.boxWeighting()),
        plan.schedule(),
        trial.seed(),
        plan.accelerator(),
        Split.VALIDATION,
        new Acceptance(0),
        trials.retries(),
        trials.deadlines(),
        trials.scheduling(),
        trials.pod(),
        trials.checkpoint());
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

  private static @Nullable LossTerm term(Optional<Expression> loss) {
    return loss.map(expression -> new LossTerm(null, Printer.prefix(expression), 1)).orElse(null);
  }
}
