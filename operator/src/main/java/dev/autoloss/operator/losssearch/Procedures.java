package dev.autoloss.operator.losssearch;

import dev.autoloss.api.AreaUnits;
import dev.autoloss.api.ControlName;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.scale.BoxCoding;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.Calibration;
import dev.autoloss.search.Control;
import dev.autoloss.search.Finals;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Procedure;
import dev.autoloss.search.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Translates how candidates climb from the gates to a verdict. */
final class Procedures {
  private static final double CSE_A = 1.84;

  private Procedures() {}

  static Procedure of(LossSearchSpec spec, Branch classification) {
    return new Procedure(
        simulated(spec),
        spec.evolution().racing(),
        names(spec).stream().map(name -> control(name, classification)).toList(),
        Optional.ofNullable(spec.finalists())
            .map(
                finalists ->
                    new Finals(
                        finalists.count(),
                        finalists.seeds(),
                        finalists.controls(),
                        spec.dataset().test() != null)),
        spec.stop().noImprovementGenerations(),
        calibration(spec));
  }

  private static OptionalInt simulated(LossSearchSpec spec) {
    Integer most = spec.evolution().simulated();
    if (spec.simulation() == null) {
      return OptionalInt.empty();
    }
    int usual = Math.min(2 * spec.evolution().trained(), spec.evolution().candidates());
    return OptionalInt.of(most == null ? usual : most);
  }

  private static List<ControlName> names(LossSearchSpec spec) {
    List<ControlName> given = spec.evolution().controls();
    if (given != null) {
      return given;
    }
    return spec.finalists() == null ? List.of() : Arrays.asList(ControlName.values());
  }

  private static Control control(ControlName name, Branch classification) {
    boolean oneStage = classification == Branch.ONE_STAGE;
    LossPair losses =
        switch (name) {
          case HALF_LOSS_WEIGHTS,
              DOUBLE_LOSS_WEIGHTS,
              HALF_BOX_WEIGHT,
              DOUBLE_BOX_WEIGHT,
              SCALED_CLASSIFICATION,
              HALF_LEARNING_RATE,
              DOUBLE_LEARNING_RATE ->
              LossPair.DEFAULT;
          case IOU_AWARE ->
              pair(oneStage ? CatalogueLoss.FLI : CatalogueLoss.CEI, CatalogueLoss.GIOU);
          case CSE_PAIR ->
              oneStage
                  ? pair(CatalogueLoss.CSE_B_CLASSIFICATION, CatalogueLoss.CSE_B_REGRESSION)
                  : pair(CatalogueLoss.CSE_A_CLASSIFICATION, CatalogueLoss.CSE_A_REGRESSION);
        };
    return new Control(Conditions.camelCase(name), losses, scaling(name));
  }

  private static Scaling scaling(ControlName name) {
    return switch (name) {
      case HALF_LOSS_WEIGHTS -> new Scaling(0.5, 0.5, 1);
      case DOUBLE_LOSS_WEIGHTS -> new Scaling(2, 2, 1);
      case HALF_BOX_WEIGHT -> new Scaling(1, 0.5, 1);
      case DOUBLE_BOX_WEIGHT -> new Scaling(1, 2, 1);
      case SCALED_CLASSIFICATION -> new Scaling(CSE_A, 1, 1);
      case HALF_LEARNING_RATE -> new Scaling(1, 1, 0.5);
      case DOUBLE_LEARNING_RATE -> new Scaling(1, 1, 2);
      case IOU_AWARE, CSE_PAIR -> Scaling.NONE;
    };
  }

  private static LossPair pair(CatalogueLoss classification, CatalogueLoss regression) {
    return new LossPair(classification.expression(), regression.expression());
  }

  private static Optional<Calibration> calibration(LossSearchSpec spec) {
    BoxCoding coding =
        switch (spec.detector().architecture()) {
          case FCOS -> BoxCoding.DISTANCES;
          case ATSS, FASTER_RCNN, CASCADE_RCNN, MASK_RCNN -> BoxCoding.DELTAS;
        };
    return spec.space().calibrate()
        ? Optional.of(new Calibration(coding, units(spec.space().areaUnits())))
        : Optional.empty();
  }

  private static dev.autoloss.loss.scale.AreaUnits units(AreaUnits units) {
    return switch (units) {
      case NATIVE -> dev.autoloss.loss.scale.AreaUnits.NATIVE;
      case TARGET_NORMALIZED -> dev.autoloss.loss.scale.AreaUnits.TARGET_NORMALIZED;
    };
  }
}
