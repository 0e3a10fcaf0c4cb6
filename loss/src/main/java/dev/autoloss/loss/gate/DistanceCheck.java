package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A predicted box that moves away from its ground truth costs more, along single moves and, by
 * order, over random pairs.
 *
 * <p>Real boxes, not single areas: a published winner falls in the union at fixed intersection. No
 * sign is asked of the value: another is negative everywhere. While the boxes overlap every step
 * must raise the loss; disjoint boxes may cost the same. Order over random pairs rejects losses
 * that mostly measure the size of the boxes, as {@code log u − i} does, which orders 75 % of the
 * pairs drawn here as {@code 1 − IoU} does; GIoU and the published winners order 87 to 98 %. On
 * pairs of unrelated boxes, many of them disjoint, the winners reach 70 to 74 % only.
 */
final class DistanceCheck implements Check {
  /** Movement against the right direction, as a share of the range. */
  private static final double TOLERANCE = 1e-3;

  /** Share of random pairs that must be in the order of {@code 1 − IoU}. */
  private static final double CONCORDANCE = 0.8;

  /** Standard deviations from the threshold beyond which no further pair is looked at. */
  private static final double DECIDED = 5;

  private static final long SEED = 2102_04700L;
  private static final int TARGETS = 12;
  private static final int PAIRS = 2000;
  private static final int STEPS = 10;

  /** Pairs at a time, so that the registers stay in the cache. */
  private static final int BLOCK = 128;

  /** Walks that start at one ground truth. */
  private static final int OF_A_TRUTH = 7;

  /** Sides of the ground truth, from strides to pixels. */
  private static final double LEAST_SIDE = 2;

  private static final double GREATEST_SIDE = 256;
  private static final double GREATEST_SHIFT = 1.5;
  private static final double GREATEST_FACTOR = 4;

  /** A walk away from a ground truth; {@code overlapping} points of it still touch the truth. */
  private record Walk(String name, Box truth, int overlapping) {
    String text() {
      return "%s a %s × %s box away from its ground truth"
          .formatted(name, Numbers.text(truth.width()), Numbers.text(truth.height()));
    }
  }

  private final List<Walk> walks = new ArrayList<>();
  private final Inputs walked;
  private final Inputs drawn;
  private final double[] overlaps;

  DistanceCheck() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    List<BoxPair> points = new ArrayList<>();
    for (int k = 0; k < TARGETS; k++) {
      addWalks(points, truth(random), random);
    }
    this.walked = BoxPair.inputs(points);
    List<BoxPair> pairs = new ArrayList<>();
    for (int k = 0; k < PAIRS; k++) {
      Box truth = truth(random);
      pairs.add(new BoxPair(disturbed(truth, random), truth));
    }
    this.drawn = BoxPair.inputs(pairs);
    this.overlaps = pairs.stream().mapToDouble(BoxPair::overlap).toArray();
  }

  private static Box truth(RandomGenerator random) {
    return Box.around(0, 0, side(random), side(random));
  }

  private static double side(RandomGenerator random) {
    return LEAST_SIDE * Math.pow(GREATEST_SIDE / LEAST_SIDE, random.nextDouble());
  }

  private static Box disturbed(Box truth, RandomGenerator random) {
    return Box.around(
        truth.width() * random.nextDouble(-1, 1),
        truth.height() * random.nextDouble(-1, 1),
        truth.width() * Math.exp(random.nextDouble(-1, 1)),
        truth.height() * Math.exp(random.nextDouble(-1, 1)));
  }

  private void addWalks(List<BoxPair> points, Box truth, RandomGenerator random) {
    double width = truth.width();
    double height = truth.height();
    double angle = random.nextDouble(2 * Math.PI);
    add(points, truth, "shifting", t -> shifted(truth, t, 0));
    add(points, truth, "shifting down", t -> shifted(truth, 0, t));
    add(
        points,
        truth,
        "shifting aslant",
        t -> shifted(truth, t * Math.cos(angle), t * Math.sin(angle)));
    add(points, truth, "enlarging", t -> sized(width * factor(t), height * factor(t)));
    add(points, truth, "shrinking", t -> sized(width / factor(t), height / factor(t)));
    add(points, truth, "flattening", t -> sized(width * factor(t), height / factor(t)));
    add(points, truth, "stretching", t -> sized(width / factor(t), height * factor(t)));
  }

  private static Box shifted(Box truth, double x, double y) {
    return Box.around(
        GREATEST_SHIFT * x * truth.width(),
        GREATEST_SHIFT * y * truth.height(),
        truth.width(),
        truth.height());
  }

  private static Box sized(double width, double height) {
    return Box.around(0, 0, width, height);
  }

  private static double factor(double t) {
    return Math.pow(GREATEST_FACTOR, t);
  }

  private void add(List<BoxPair> points, Box truth, String name, DoubleFunction<Box> move) {
    int overlapping = 0;
    for (int k = 0; k <= STEPS; k++) {
      var pair = new BoxPair(move.apply((double) k / STEPS), truth);
      overlapping += pair.intersection() > 0 ? 1 : 0;
      points.add(pair);
    }
    walks.add(new Walk(name, truth, overlapping));
  }

  @Override
  public Gate gate() {
    return Gate.DISTANCE_CONSISTENT;
  }

  @Override
  public Optional<Supplier<String>> problem(Program loss, Registers registers, int sign) {
    // One after another at first, for most losses fall there; then those of a truth at once.
    for (int next = 0; next < walks.size(); ) {
      int count = next < OF_A_TRUTH ? 1 : OF_A_TRUTH;
      double[] losses = new double[count * (STEPS + 1)];
      registers.forward(loss, walked, next * (STEPS + 1), losses.length);
      registers.rowSums(losses, 0);
      for (int k = 0; k < count; k++) {
        double[] values = Arrays.copyOfRange(losses, k * (STEPS + 1), (k + 1) * (STEPS + 1));
        Optional<Supplier<String>> problem = problem(walks.get(next + k), values, sign);
        if (problem.isPresent()) {
          return problem;
        }
      }
      next += count;
    }
    return discordance(loss, registers, sign);
  }

  private static Optional<Supplier<String>> problem(Walk walk, double[] values, int sign) {
    var course = Course.along(values, sign);
    if (course.against() > TOLERANCE * course.range()) {
      return Optional.of(
          () ->
              "%s %s the loss from step %d to %d of %d (%s → %s)"
                  .formatted(
                      walk.text(),
                      sign > 0 ? "lowers" : "raises",
                      course.from(),
                      course.to(),
                      STEPS,
                      Numbers.text(values[course.from()]),
                      Numbers.text(values[course.to()])));
    }
    var near = Course.along(Arrays.copyOf(values, walk.overlapping), sign);
    if (near.flat() > 0) {
      return Optional.of(
          () ->
              "%s leaves the loss as it is in %s %% of the steps with overlap"
                  .formatted(walk.text(), Numbers.text(100 * near.flat())));
    }
    return Optional.empty();
  }

  private Optional<Supplier<String>> discordance(Program loss, Registers registers, int sign) {
    double share = concordance(loss, registers, sign);
    return share >= CONCORDANCE
        ? Optional.empty()
        : Optional.of(
            () ->
                "only %s %% of random box pairs are in the order of 1 − IoU, expected %s %%"
                    .formatted(Numbers.text(100 * share), Numbers.text(100 * CONCORDANCE)));
  }

  /**
   * Share of neighbours in the drawn set, of different overlap, that the loss orders as IoU; looks
   * no further once the share of those seen is so far from the threshold that it is decided.
   */
  double concordance(Program loss, Registers registers, int sign) {
    double[] losses = new double[drawn.rows()];
    int compared = 0;
    int right = 0;
    for (int first = 0; first < losses.length; first += BLOCK) {
      int count = Math.min(BLOCK, losses.length - first);
      registers.forward(loss, drawn, first, count);
      registers.rowSums(losses, first);
      for (int k = Math.max(1, first); k < first + count; k++) {
        double farther = overlaps[k - 1] - overlaps[k];
        if (farther != 0) {
          compared++;
          right += farther * sign * (losses[k] - losses[k - 1]) > 0 ? 1 : 0;
        }
      }
      if (decided(right, compared)) {
        break;
      }
    }
    return (double) right / compared;
  }

  private static boolean decided(int right, int compared) {
    double deviation = Math.sqrt(CONCORDANCE * (1 - CONCORDANCE) / compared);
    return Math.abs((double) right / compared - CONCORDANCE) > DECIDED * deviation;
  }
}
