package dev.autoloss.operator.report;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The difference of two candidates over the seeds that both were scored with: replicate r has the
 * same seed for every candidate.
 *
 * @param seeds seeds that both have, at least 2
 * @param mean mean difference of AP
 * @param standardError standard error of the mean
 */
record Difference(int seeds, double mean, double standardError) {

  /** Compares; empty with fewer than two common seeds. */
  static Optional<Difference> of(CandidateResult result, CandidateResult base, int replicates) {
    double[] differences =
        IntStream.range(0, replicates)
            .mapToObj(r -> difference(result.ap(r), base.ap(r)))
            .flatMapToDouble(OptionalDouble::stream)
            .toArray();
    int n = differences.length;
    if (n < 2) {
      return Optional.empty();
    }
    double mean = DoubleStream.of(differences).average().orElseThrow();
    double squares =
        DoubleStream.of(differences).map(difference -> Math.pow(difference - mean, 2)).sum();
    return Optional.of(new Difference(n, mean, Math.sqrt(squares / (n - 1) / n)));
  }

  private static OptionalDouble difference(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() - other.getAsDouble())
        : OptionalDouble.empty();
  }
}
