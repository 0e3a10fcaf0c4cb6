package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.BranchesPerGeneration;
import dev.autoloss.api.Evolution;
import dev.autoloss.api.EvolutionStrategy;
import dev.autoloss.api.InitialLoss;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.Seeding;
import dev.autoloss.api.Space;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.Breeding;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchSpecsTest {
  private static LossSearch search(List<String> operators, InitialLoss... initial) {
    LossSearch search = Samples.search("s", 2, 3, 2);
    LossSearchSpec spec = search.getSpec();
    Space space = spec.space();
    Evolution evolution = spec.evolution();
    search.setSpec(
        new LossSearchSpec(
            spec.seed(),
            false,
            spec.suspendPolicy(),
            spec.detector(),
            spec.dataset(),
            new Space(
                space.branches(),
                operators,
                space.constants(),
                space.maxNodes(),
                space.maxHeight(),
                space.areaUnits(),
                space.calibrate()),
            new Evolution(
                evolution.generations(),
                evolution.candidates(),
                evolution.simulated(),
                evolution.trained(),
                evolution.parents(),
                evolution.replicates(),
                evolution.racing(),
                evolution.controls(),
                evolution.rates(),
                List.of(initial),
                evolution.priors(),
                evolution.seeding(),
                evolution.strategy(),
                evolution.branchesPerGeneration(),
                evolution.lookAhead(),
                evolution.archive(),
                evolution.population()),
            spec.simulation(),
            spec.training(),
            spec.finalists(),
            spec.trials(),
            spec.budget(),
            spec.stop()));
    return search;
  }

  private static LossTerm named(String name) {
    return new LossTerm(name, null, 1);
  }

  private static LossTerm text(String expression) {
    return new LossTerm(null, expression, 1);
  }

  @Test
  void namesAndExpressionsBecomeTrees() throws InvalidSpecException {
    var spec =
        SearchSpecs.of(
            search(
                List.of("Add", "Neg", "Log"),
                new InitialLoss(named("FLI"), text("Sub(1,Div(I,U))")),
                new InitialLoss(null, named("GIoU"))));
    assertEquals(Branch.ONE_STAGE, spec.classification());
    assertEquals(Set.of(UnaryOperator.NEG, UnaryOperator.LOG), spec.space().unary());
    assertEquals(Set.of(BinaryOperator.ADD), spec.space().binary());
    var initial = spec.evolution().initial();
    assertEquals("Sub(1,Div(I,U))", Printer.prefix(initial.get(0).regression().orElseThrow()));
    assertTrue(initial.get(1).classification().isEmpty());
  }

  /** Each strategy by its name; Generational with the barrier only, told by one line. */
  @ParameterizedTest
  @EnumSource
  void whomLossesAreBredFromIsReadFromTheDocument(EvolutionStrategy strategy)
      throws InvalidSpecException {
    LossSearch search = search(null);
    LossSearchSpec spec = search.getSpec();
    Evolution plain = spec.evolution();
    search.setSpec(
        new LossSearchSpec(
            spec.seed(),
            false,
            spec.suspendPolicy(),
            spec.detector(),
            spec.dataset(),
            spec.space(),
            new Evolution(
                plain.generations(),
                plain.candidates(),
                plain.simulated(),
                plain.trained(),
                plain.parents(),
                plain.replicates(),
                plain.racing(),
                plain.controls(),
                plain.rates(),
                List.of(),
                List.of(new InitialLoss(null, named("GIoU"))),
                Seeding.CATALOGUE,
                strategy,
                BranchesPerGeneration.ALTERNATING,
                3,
                0.25,
                30),
            spec.simulation(),
            spec.training(),
            spec.finalists(),
            spec.trials(),
            spec.budget(),
            spec.stop()));
    if (strategy == EvolutionStrategy.GENERATIONAL) {
      var lines = assertThrows(InvalidSpecException.class, () -> SearchSpecs.of(search)).lines();
      assertEquals(1, lines.size());
      assertTrue(
          lines.getFirst().startsWith("spec: evolution.lookAhead: expected 1 with strategy"));
      return;
    }
    Breeding breeding = SearchSpecs.of(search).evolution().breeding();
    assertEquals(strategy.name(), breeding.strategy().name());
    assertEquals(3, breeding.lookAhead());
    assertEquals("ALTERNATING", breeding.branches().name());
    assertEquals("CATALOGUE", breeding.seeding().name());
    assertEquals(0.25, breeding.archive());
    assertEquals(30, breeding.population());
    assertTrue(breeding.priors().getFirst().regression().isPresent());
  }

  @Test
  void leftOutOperatorsAreAll() throws InvalidSpecException {
    var spec = SearchSpecs.of(search(null));
    assertEquals(UnaryOperator.values().length, spec.space().unary().size());
    assertEquals(BinaryOperator.values().length, spec.space().binary().size());
  }

  @Test
  void everyMistakeIsALineWithItsPath() {
    var search =
        search(
            List.of("Add", "Pow"),
            new InitialLoss(named("Focus"), text("Sub(1,Div(I,)")),
            new InitialLoss(named("GIoU"), named("L1")),
            new InitialLoss(text("Dot(I,U)"), new LossTerm("IoU", null, 2)),
            new InitialLoss(new LossTerm("FLI", "X", 1), new LossTerm(null, null, 1)));
    var lines = assertThrows(InvalidSpecException.class, () -> SearchSpecs.of(search)).lines();
    List<String> starts =
        List.of(
            "spec.space.operators[1]: expected an operator such as Add, found Pow",
            "spec.evolution.initial[0].classification.catalogue: expected Focal, FLI, "
                + "QFL, VFL, CseBClassification, found Focus",
            "spec.evolution.initial[0].regression.expression: at offset 12: ",
            "spec.evolution.initial[1].classification.catalogue: expected ",
            "spec.evolution.initial[1].regression.catalogue: L1 is built in",
            "spec.evolution.initial[2].classification.expression: at offset ",
            "spec.evolution.initial[2].regression.weight: expected 1 in a search, found 2.0",
            "spec.evolution.initial[3].classification: exactly one of catalogue and expression",
            "spec.evolution.initial[3].regression: exactly one of catalogue and expression");
    assertEquals(starts.size(), lines.size(), lines.toString());
    for (int i = 0; i < starts.size(); i++) {
      assertTrue(lines.get(i).startsWith(starts.get(i)), lines.get(i));
      assertEquals(1, lines.get(i).lines().count());
    }
  }

  @Test
  void aSearchThatMakesNoSenseIsNotStarted() {
    var world = new SearchWorld(search(null, new InitialLoss(null, text("Log("))));
    world.step();
    var status = world.search.getStatus();
    assertEquals(SearchPhase.FAILED, status.state());
    var accepted = Conditions.find(status.conditions(), "Accepted").orElseThrow();
    assertEquals("False", accepted.getStatus());
    assertEquals("InvalidSpec", accepted.getReason());
    assertTrue(accepted.getMessage().startsWith("spec.evolution.initial[0].regression.expression"));
    assertEquals(List.of("status"), world.log);
  }

  @Test
  void aTrainingIsTheSameForTheSameTrial() throws InvalidSpecException {
    var world = new SearchWorld(Samples.search("quickstart", 2, 3, 10));
    world.step();
    var baseline = world.training(new SearchWorld.TrialName("g0-c0-p0"));
    assertEquals("quickstart-5ea2c4-g0-c0-p0", baseline.getMetadata().getName());
    assertEquals(null, baseline.getSpec().loss().classification());
    assertEquals(null, baseline.getSpec().loss().regression());
    var names = world.trainings.keySet();
    assertTrue(names.stream().allMatch(name -> name.length() <= 55), names.toString());
    long seeds =
        world.trainings.values().stream().map(one -> one.getSpec().seed()).distinct().count();
    assertEquals(1, seeds, "the first replicate has the same seed for all");
  }
}
