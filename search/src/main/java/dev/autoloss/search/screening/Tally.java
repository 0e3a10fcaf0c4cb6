package dev.autoloss.search.screening;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.screening.Screened.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts how many losses fall at each stage, and what they cost. */
final class Tally {
  private static final String TEXT = "text";
  private static final String GRADIENTS = "gradients";
  private static final String PREDICTIONS = "predictions";

  private final Map<String, Count> counts = new LinkedHashMap<>();
  private long entered;
  private long flipped;

  private static final class Count {
    private long fell;
    private long nanos;
  }

  Tally(Branch branch) {
    counts.put(TEXT, new Count());
    for (Gate gate : List.of(Gate.FINITE, Gate.INPUTS, direction(branch))) {
      counts.put(name(gate), new Count());
    }
    counts.put(GRADIENTS, new Count());
  }

  private static Gate direction(Branch branch) {
    return branch.classification() ? Gate.MONOTONE : Gate.DISTANCE_CONSISTENT;
  }

  private static String name(Gate gate) {
    return gate.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  void known(long nanos) {
    fell(TEXT, nanos);
  }

  void failed(Gate gate, long nanos) {
    fell(name(gate), nanos);
  }

  void twin(long nanos) {
    fell(GRADIENTS, nanos);
  }

  void passed(long nanos, boolean negative) {
    entered++;
    flipped += negative ? 1 : 0;
    count(GRADIENTS).nanos += nanos;
  }

  private void fell(String stage, long nanos) {
    entered++;
    count(stage).fell++;
    count(stage).nanos += nanos;
  }

  private Count count(String stage) {
    return counts.computeIfAbsent(stage, _ -> new Count());
  }

  void predictions(long fell, long nanos) {
    count(PREDICTIONS).fell = fell;
    count(PREDICTIONS).nanos = nanos;
  }

  /** Survivors whose negative is meant. */
  long flipped() {
    return flipped;
  }

  List<Stage> stages() {
    var stages = new ArrayList<Stage>();
    long in = entered;
    for (Map.Entry<String, Count> count : counts.entrySet()) {
      long out = in - count.getValue().fell;
      stages.add(new Stage(count.getKey(), in, out, count.getValue().nanos / 1e9));
      in = out;
    }
    return stages;
  }
}
