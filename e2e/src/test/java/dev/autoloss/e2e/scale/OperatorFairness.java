package dev.autoloss.e2e.scale;

import dev.autoloss.api.LossSearch;
import dev.autoloss.operator.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code OperatorFairness [searches]}: so many searches of two generations of four at once, two
 * trials of each at a time: when each is complete, and how far each is when half of all is done.
 */
final class OperatorFairness {
  private static final int NODES = 125;
  private static final int TRIALS = 9;

  private OperatorFairness() {}

  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    Path log = Path.of(System.getProperty("operator.log", "target/operator-fairness.log"));
    try (var bench = Bench.start(log)) {
      var spec =
          Samples.changed(
              Samples.searchSpec(2, 4, 2),
              """
              trials: {retain: Nothing, ttlSecondsAfterRecorded: 0}
              training: {accelerator: {count: 1}}
              """);
      var searches = new ArrayList<LossSearch>();
      searches.add(bench.apply("s-0", spec));
      bench.startNodes(NODES, searches.getFirst());
      bench.awaitRecorded(searches.getFirst(), TRIALS);
      searches.clear();
      long start = System.nanoTime();
      for (int i = 1; i <= count; i++) {
        searches.add(bench.apply("s-" + i, spec));
      }
      System.out.printf(
          "%d searches applied in %.1f s (load %s)%n", count, seconds(start), Machine.load());
      watch(bench, start, count);
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void watch(Bench bench, long start, int count) throws Exception {
    var ends = new TreeMap<String, Double>();
    List<Integer> half = List.of();
    while (ends.size() < count) {
      var recorded = new TreeMap<String, Integer>();
      for (LossSearch search :
          bench.client().resources(LossSearch.class).inAnyNamespace().list().getItems()) {
        String name = search.getMetadata().getName();
        if (!"s-0".equals(name)) {
          recorded.put(name, Bench.recorded(search.getStatus()));
        }
      }
      for (Map.Entry<String, Integer> one : recorded.entrySet()) {
        if (one.getValue() >= TRIALS) {
          ends.putIfAbsent(one.getKey(), seconds(start));
        }
      }
      if (half.isEmpty()
          && recorded.values().stream().mapToInt(one -> one).sum() >= count * TRIALS / 2) {
        half = recorded.values().stream().sorted().toList();
        System.out.printf("half of all trials after %.1f s%n", seconds(start));
      }
      TimeUnit.SECONDS.sleep(1);
    }
    List<Double> sorted = ends.values().stream().sorted().toList();
    System.out.printf(
        """
        trials recorded of each search when half of all were: least %d, median %d, most %d of %d
        complete after: first %.1f s, tenth part %.1f s, median %.1f s, nine tenths %.1f s, last %.1f s
        %.1f trials a second in all; RSS of the operator %d MiB
        """,
        half.getFirst(),
        half.get(half.size() / 2),
        half.getLast(),
        TRIALS,
        sorted.getFirst(),
        sorted.get(count / 10),
        sorted.get(count / 2),
        sorted.get(count * 9 / 10),
        sorted.getLast(),
        count * TRIALS / sorted.getLast(),
        Machine.mebibytes(bench.pid(), "VmRSS"));
  }
}
