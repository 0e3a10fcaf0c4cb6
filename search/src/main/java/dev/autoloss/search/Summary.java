package dev.autoloss.search;

import java.util.OptionalDouble;

/**
 * A candidate's scores at one stage, compared block by block: a block is a replicate, whose
 * candidates all begin with the same weights and see the same images in the same order.
 *
 * @param scored replicates that were scored, at least 1
 * @param meanAp mean AP of them, in 0..1
 * @param spread standard deviation of their AP; empty for a single one
 * @param difference mean of their differences to the default pair's AP in the same block; where a
 *     block lacks it, to its mean over the other blocks, and to 0 where it has no score at all
 * @param collapsed replicates below half the default pair's AP
 * @param meanOfOthers mean AP of those that did not collapse; empty if all did
 */
public record Summary(
    int scored,
    double meanAp,
    OptionalDouble spread,
    double difference,
    int collapsed,
    OptionalDouble meanOfOthers) {}
