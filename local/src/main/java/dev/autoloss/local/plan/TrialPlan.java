package dev.autoloss.local.plan;

import dev.autoloss.api.Evolution;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Simulation;
import dev.autoloss.operator.losssearch.SearchSpecs;
import dev.autoloss.search.Finals;
import dev.autoloss.search.Procedure;
import dev.autoloss.search.evidence.Racing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All trainings of a search, at most: fewer if its gates leave fewer candidates than are asked for,
 * if a rung stops some, or if a budget or {@code stop} ends it early.
 *
 * @param rungs in the order in which they come
 * @param candidates candidates that are scored, over all generations
 * @param seeds trainings after which a candidate is first compared with others
 * @param last the rung that the verdict stands on; empty for none
 */
public record TrialPlan(List<Rung> rungs, int candidates, int seeds, Optional<Last> last) {
  /**
   * The rung that the verdict stands on.
   *
   * @param finalists losses that share the level of the test
   * @param seeds trainings of each
   * @param heldOut whether images are kept for it that nothing is chosen by
   */
  public record Last(int finalists, int seeds, boolean heldOut) {}

  /** Copies the rungs. */
  public TrialPlan {
    rungs = List.copyOf(rungs);
  }

  /**
   * The plan of a search.
   *
   * @param spec a spec with its defaults applied
   * @return its trainings
   */
  public static TrialPlan of(LossSearchSpec spec) {
    Evolution evolution = spec.evolution();
    Procedure procedure = SearchSpecs.procedure(spec);
    var rungs = new ArrayList<Rung>();
    int controls = 1 + procedure.controls().size();
    Schedule schedule = spec.training().schedule();
    rungs.add(rung("controls", 1, controls, controls * evolution.replicates(), schedule));
    procedure.simulated().ifPresent(most -> rungs.add(simulation(spec, most)));
    int proxies =
        new Racing(evolution.racing(), evolution.replicates())
            .fields(evolution.trained()).stream().mapToInt(Integer::intValue).sum();
    rungs.add(rung("proxy", evolution.generations(), evolution.trained(), proxies, schedule));
    procedure.finals().ifPresent(finals -> rungs.addAll(last(spec, finals, controls)));
    return new TrialPlan(
        rungs,
        evolution.generations() * evolution.trained(),
        evolution.racing() < 1 ? 1 : evolution.replicates(),
        procedure
            .finals()
            .map(
                finals ->
                    new Last(finals.test() ? 1 : finals.count(), finals.seeds(), finals.test())));
  }

  private static Rung rung(String stage, int rounds, int arms, int trainings, Schedule schedule) {
    return new Rung(stage, rounds, arms, trainings, schedule, OptionalInt.empty());
  }

  private static Rung simulation(LossSearchSpec spec, int most) {
    Simulation simulation = Objects.requireNonNull(spec.simulation(), "simulation");
    return new Rung(
        "simulation",
        spec.evolution().generations(),
        most,
        most,
        simulation.schedule(),
        OptionalInt.of(simulation.imagesPerCategory()));
  }

  /** Of the default pair and the controls, the test has the default pair and the strongest. */
  private static List<Rung> last(LossSearchSpec spec, Finals finals, int controls) {
    var finalists = Objects.requireNonNull(spec.finalists(), "finalists");
    Schedule own = finalists.schedule();
    Schedule schedule = own == null ? spec.training().schedule() : own;
    int beaten = Math.min(1 + finals.controls(), controls);
    int arms = finals.count() + beaten;
    int tested = 1 + Math.min(2, beaten);
    Rung last = rung("finalists", 1, arms, arms * finals.seeds(), schedule);
    return finals.test()
        ? List.of(last, rung("test", 1, tested, tested * finals.seeds(), schedule))
        : List.of(last);
  }

  /**
   * Trainings of all rungs.
   *
   * @return at most so many
   */
  public long trainings() {
    return rungs.stream().mapToLong(Rung::all).sum();
  }
}
