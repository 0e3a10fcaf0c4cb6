package dev.autoloss.operator.report;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.search.Origin;
import dev.autoloss.search.TrialOutcome;

/** Three generations of four losses, with everything that may become of a loss. */
final class SampleSearch {
  static final Expression FLI = CatalogueLoss.FLI.expression().orElseThrow();
  static final Expression FOCAL = CatalogueLoss.FOCAL.expression().orElseThrow();
  static final Expression GIOU = CatalogueLoss.GIOU.expression().orElseThrow();
  static final Expression IOU = CatalogueLoss.IOU.expression().orElseThrow();
  static final Expression SCALED = regression("Sub(1,Mul(Div(I,U),Div(I,E)))");
  static final Expression SQUARED = regression("Sub(1,Mul(Div(I,U),Div(I,U)))");

  private SampleSearch() {}

  private static Expression regression(String text) {
    return ExpressionParser.parse(text, Branch.REGRESSION);
  }

  static Searches build() {
    var search = new Searches(3, 1);
    search.propose(0, Searches.noFunnel(), Searches.baseline());
    first(search);
    second(search);
    third(search);
    return search;
  }

  private static void first(Searches search) {
    search
        .propose(
            1,
            Searches.funnel(412, 4),
            Searches.candidate(1, 0, Origin.INITIAL, Searches.pair(FLI, GIOU)),
            Searches.candidate(1, 1, Origin.INITIAL, Searches.pair(FOCAL, IOU)),
            Searches.candidate(
                1,
                2,
                Origin.INITIAL,
                Searches.pair(CatalogueLoss.CSE_B_CLASSIFICATION, CatalogueLoss.CSE_B_REGRESSION)),
            Searches.candidate(1, 3, Origin.RANDOM, Searches.pair(FOCAL, SCALED)))
        .score(Searches.id(0, 0), 0.3714)
        .score(Searches.id(1, 0), 0.3402)
        .score(Searches.id(1, 1), 0.3655)
        .score(Searches.id(1, 2), 0.3871)
        .record(Searches.id(1, 3), new TrialOutcome.Diverged())
        .seal(0)
        .seal(1, Searches.id(1, 2), Searches.id(1, 1));
  }

  private static void second(Searches search) {
    search
        .propose(
            2,
            Searches.funnel(1893, 4),
            Searches.candidate(
                2,
                0,
                Origin.CROSSOVER,
                Searches.pair(CatalogueLoss.CSE_B_CLASSIFICATION, CatalogueLoss.IOU),
                Searches.id(1, 2),
                Searches.id(1, 1)),
            Searches.candidate(
                2, 1, Origin.NODE_REPLACEMENT, Searches.pair(FOCAL, SQUARED), Searches.id(1, 1)),
            Searches.candidate(
                2, 2, Origin.SUBTREE_MUTATION, Searches.pair(FLI, SCALED), Searches.id(1, 1)),
            Searches.candidate(2, 3, Origin.INSERTION, Searches.pair(FLI, IOU), Searches.id(1, 2)))
        .score(Searches.id(2, 0), 0.4021)
        .score(Searches.id(2, 1), 0.3699)
        .record(Searches.id(2, 2), new TrialOutcome.Lost("Infrastructure: node lost"))
        .score(Searches.id(2, 3), 0.3533)
        .seal(2, Searches.id(2, 0), Searches.id(1, 2));
  }

  private static void third(Searches search) {
    search
        .propose(
            3,
            Searches.funnel(2000, 3),
            Searches.candidate(
                3,
                0,
                Origin.CROSSOVER,
                Searches.pair(CatalogueLoss.CSE_B_CLASSIFICATION, CatalogueLoss.GIOU),
                Searches.id(2, 0),
                Searches.id(1, 2)),
            Searches.candidate(
                3,
                1,
                Origin.SHRINKING,
                Searches.pair(
                    CatalogueLoss.CSE_B_CLASSIFICATION.expression().orElseThrow(), SQUARED),
                Searches.id(2, 0)),
            Searches.candidate(
                3,
                2,
                Origin.CONSTANT_CHANGE,
                Searches.pair(CatalogueLoss.FLI, CatalogueLoss.CSE_B_REGRESSION),
                Searches.id(1, 2)))
        .score(Searches.id(3, 0), 0.4108)
        .record(Searches.id(3, 1), new TrialOutcome.Skipped());
  }
}
