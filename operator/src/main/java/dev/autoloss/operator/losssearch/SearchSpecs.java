package dev.autoloss.operator.losssearch;

import dev.autoloss.api.Architecture;
import dev.autoloss.api.InitialLoss;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.SearchBranch;
import dev.autoloss.api.Space;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionException;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.search.BranchesPerGeneration;
import dev.autoloss.search.Breeding;
import dev.autoloss.search.Evolution;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Procedure;
import dev.autoloss.search.SearchSpace;
import dev.autoloss.search.SearchSpec;
import dev.autoloss.search.Seeding;
import dev.autoloss.search.StrategyKind;
import dev.autoloss.search.Target;
import dev.autoloss.search.Trials;
import dev.autoloss.search.VariationRates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates what a user writes into what the search reads. */
public final class SearchSpecs {
  private final LossSearchSpec spec;
  private final Branch classification;
  private final List<String> mistakes = new ArrayList<>();

  private SearchSpecs(LossSearchSpec spec) {
    this.spec = spec;
    this.classification = classification(spec.detector().architecture());
  }

  /**
   * Translates.
   *
   * @param search a LossSearch whose defaults are applied
   * @return the search's own spec
   * @throws InvalidSpecException with one line for each mistake: an expression that does not parse,
   *     an unknown name, a loss that is not of its branch, numbers that do not fit each other
   */
  public static SearchSpec of(LossSearch search) throws InvalidSpecException {
    return new SearchSpecs(Objects.requireNonNull(search.getSpec(), "spec")).translate();
  }

  /**
   * The language of an architecture's classification losses.
   *
   * @param architecture the detector
   * @return its branch
   */
  public static Branch classification(Architecture architecture) {
    return switch (architecture) {
      case FCOS, ATSS -> Branch.ONE_STAGE;
      case FASTER_RCNN, CASCADE_RCNN, MASK_RCNN -> Branch.TWO_STAGE;
    };
  }

  /**
   * How candidates climb from the gates to a verdict.
   *
   * @param spec a spec whose defaults are applied
   * @return the search's own procedure
   */
  public static Procedure procedure(LossSearchSpec spec) {
    return Procedures.of(spec, classification(spec.detector().architecture()));
  }

  private SearchSpec translate() throws InvalidSpecException {
    Set<UnaryOperator> unary = EnumSet.noneOf(UnaryOperator.class);
    Set<BinaryOperator> binary = EnumSet.noneOf(BinaryOperator.class);
    operators(unary, binary);
    List<LossPair> initial = pairs(spec.evolution().initial(), "spec.evolution.initial");
    List<LossPair> priors = pairs(spec.evolution().priors(), "spec.evolution.priors");
    if (!mistakes.isEmpty()) {
      throw new InvalidSpecException(mistakes);
    }
    try {
      return new SearchSpec(
          spec.seed(),
          classification,
          space(unary, binary),
          evolution(initial, priors),
          new Trials(spec.trials().maxFailed()),
          Procedures.of(spec, classification));
    } catch (IllegalArgumentException mistake) {
      throw new InvalidSpecException(List.of("spec: " + mistake.getMessage()));
    }
  }

  private SearchSpace space(Set<UnaryOperator> unary, Set<BinaryOperator> binary) {
    Space space = spec.space();
    Set<Target> targets = EnumSet.noneOf(Target.class);
    space.branches().forEach(branch -> targets.add(target(branch)));
    return new SearchSpace(
        targets, unary, binary, space.constants(), space.maxNodes(), space.maxHeight());
  }

  private static Target target(SearchBranch branch) {
    return switch (branch) {
      case CLASSIFICATION -> Target.CLASSIFICATION;
      case REGRESSION -> Target.REGRESSION;
    };
  }

  private Evolution evolution(List<LossPair> initial, List<LossPair> priors) {
    var evolution = spec.evolution();
    var rates = evolution.rates();
    return new Evolution(
        evolution.generations(),
        evolution.candidates(),
        evolution.trained(),
        evolution.parents(),
        evolution.replicates(),
        new VariationRates(
            rates.crossover(),
            rates.subtreeMutation(),
            rates.nodeReplacement(),
            rates.insertion(),
            rates.shrinking(),
            rates.constantChange(),
            rates.constantTuning()),
        initial,
        new Breeding(
            StrategyKind.valueOf(evolution.strategy().name()),
            evolution.lookAhead(),
            BranchesPerGeneration.valueOf(evolution.branchesPerGeneration().name()),
            evolution.archive(),
            evolution.population(),
            Seeding.valueOf(evolution.seeding().name()),
            priors));
  }

  private void operators(Set<UnaryOperator> unary, Set<BinaryOperator> binary) {
    List<String> names = spec.space().operators();
    if (names == null) {
      unary.addAll(Arrays.asList(UnaryOperator.values()));
      binary.addAll(Arrays.asList(BinaryOperator.values()));
      return;
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      var one =
          Arrays.stream(UnaryOperator.values()).filter(o -> o.symbol().equals(name)).findFirst();
      var two =
          Arrays.stream(BinaryOperator.values()).filter(o -> o.symbol().equals(name)).findFirst();
      one.ifPresent(unary::add);
      two.ifPresent(binary::add);
      if (one.isEmpty() && two.isEmpty()) {
        mistakes.add(
            "spec.space.operators[" + i + "]: expected an operator such as Add, found " + name);
      }
    }
  }

  private List<LossPair> pairs(List<InitialLoss> losses, String list) {
    var pairs = new ArrayList<LossPair>();
    for (int i = 0; i < losses.size(); i++) {
      String path = list + "[" + i + "]";
      pairs.add(
          new LossPair(
              expression(losses.get(i).classification(), classification, path + ".classification"),
              expression(losses.get(i).regression(), Branch.REGRESSION, path + ".regression")));
    }
    return pairs;
  }

  private Optional<Expression> expression(@Nullable LossTerm term, Branch branch, String path) {
    if (term == null) {
      return Optional.empty();
    }
    if (term.weight() != 1) {
      mistakes.add(path + ".weight: expected 1 in a search, found " + term.weight());
    }
    String catalogue = term.catalogue();
    String text = term.expression();
    if ((catalogue == null) == (text == null)) {
      mistakes.add(path + ": exactly one of catalogue and expression is expected");
      return Optional.empty();
    }
    return text == null
        ? named(String.valueOf(catalogue), branch, path + ".catalogue")
        : parsed(text, branch, path + ".expression");
  }

  private Optional<Expression> parsed(String text, Branch branch, String path) {
    try {
      return Optional.of(ExpressionParser.parse(text, branch));
    } catch (ExpressionException mistake) {
      mistakes.add(path + ": " + mistake.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Expression> named(String name, Branch branch, String path) {
    Optional<CatalogueLoss> loss =
        CatalogueLoss.named(name).filter(found -> found.branch() == branch);
    Optional<Expression> expression = loss.flatMap(CatalogueLoss::expression);
    if (loss.isEmpty()) {
      mistakes.add(path + ": expected " + names(branch) + ", found " + name);
    } else if (expression.isEmpty()) {
      mistakes.add(path + ": " + name + " is built in and can't be evolved");
    }
    return expression;
  }

  private static String names(Branch branch) {
    return String.join(
        ", ",
        CatalogueLoss.of(branch).stream()
            .filter(loss -> loss.expression().isPresent())
            .map(CatalogueLoss::label)
            .toList());
  }
}
